namespace Leat.Calls;

/// <summary>A list whose elements stay where they are while it grows, so that one thread may use one while another adds more.</summary>
internal sealed class Table<T>
{
    private const int FirstBits = 4;
    private const int First = 1 << FirstBits;

    // Piece 0 holds 16 elements, and each further one as many as all before it.
    private T[][] pieces = [];
    private int room;

    public int Count { get; private set; }

    public ref T this[int index]
    {
        get
        {
            int piece = index < First ? 0 : System.Numerics.BitOperations.Log2((uint)index) - FirstBits + 1;
            return ref pieces[piece][index < First ? index : index - (First << (piece - 1))];
        }
    }

    /// <summary>Makes it at least so long.</summary>
    public void Grow(int count)
    {
        while (room < count)
        {
            int next = pieces.Length == 0 ? First : room;
            pieces = [.. pieces, new T[next]];
            room += next;
        }

        Count = Math.Max(Count, count);
    }
}
