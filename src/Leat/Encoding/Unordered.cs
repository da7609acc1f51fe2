namespace Leat.Encoding;

/// <summary>
/// A collection whose elements have no order of their own: they are ordered by the bytes of their keys, so that how it was
/// filled does not matter.
/// </summary>
internal static class Unordered
{
    /// <summary>Writes elements.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="writeKey">Writes what they are ordered by.</param>
    /// <param name="writeRest">Writes what comes behind it.</param>
    public static void Write<T>(EncodingWriter writer, IEnumerable<T> elements, int count, Action<EncodingWriter, T> writeKey, Action<EncodingWriter, T>? writeRest)
    {
        writer.WriteVarint((ulong)count);
        int start = writer.Count;
        var pieces = new Piece[count];
        int next = 0;

        // A reference to what stands elsewhere would depend on the order.
        writer.Tags.Suspend();
        foreach (T element in elements)
        {
            int from = writer.Count;
            int before = writer.Nesting.EnterKey();
            writeKey(writer, element);
            writer.Nesting.LeaveKey(before);
            int key = writer.Count - from;
            writeRest?.Invoke(writer, element);
            pieces[next++] = new Piece(from, key, writer.Count - from);
        }

        writer.Tags.Resume();
        Array.Sort(pieces, (one, other) => writer.Compare(one.Start, one.Key, other.Start, other.Key));
        writer.Reorder(start, Array.ConvertAll(pieces, piece => (piece.Start, piece.Length)));
    }

    /// <summary>Reads a key, and checks that it comes in its order and once.</summary>
    public static T ReadKey<T>(EncodingReader reader, Codec<T> codec, ref (int Start, int Length) last)
    {
        int start = reader.Position;
        int before = reader.Nesting.EnterKey();
        T key = codec.Read(reader);
        reader.Nesting.LeaveKey(before);
        int length = reader.Position - start;
        if (last.Length >= 0 && reader.Compare(last.Start, last.Length, start, length) >= 0)
        {
            throw reader.Damaged("keys are not in their order, or one comes twice");
        }

        last = (start, length);
        return key;
    }

    private readonly record struct Piece(int Start, int Key, int Length);
}
