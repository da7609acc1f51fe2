using System.Runtime.CompilerServices;

namespace Leat.Streams;

/// <summary>
/// A run of items that moves through the engine as one. It has one owner at a time: the worker that fills it,
/// the link that queues it, the worker that reads it.
/// </summary>
internal sealed class Batch<T>(int size)
{
    public readonly T[] Items = new T[size];

    /// <summary>Index of the first item that is still to be read.</summary>
    public int Start;

    /// <summary>Number of items from <see cref="Start"/>.</summary>
    public int Count;

    /// <summary>Place of the first item in the consumer's input, from 0.</summary>
    public long Number;

    /// <summary>Carried failures at the same indices as <see cref="Items"/>; null when there are none.</summary>
    public ItemFailure?[]? Failures;

    public Batch<T>? Next;

    public int End => Start + Count;

    /// <summary>Free places behind the last item.</summary>
    public int Room => Items.Length - End;

    /// <summary>Copies <paramref name="count"/> items, and the failures among them, behind this batch's last.</summary>
    public void Append(Batch<T> source, int start, int count)
    {
        int end = End;
        Array.Copy(source.Items, start, Items, end, count);
        if (source.Failures is { } failures)
        {
            Failures ??= new ItemFailure?[Items.Length];
            Array.Copy(failures, start, Failures, end, count);
        }

        Count += count;
    }

    /// <summary>Gives up the first <paramref name="count"/> items.</summary>
    public void Advance(int count)
    {
        Start += count;
        Count -= count;
        Number += count;
    }
}

/// <summary>The batches of one run and one item type that are free to be filled again.</summary>
internal sealed class BatchPool<T>
{
    private const int MostKept = 64;
    private const int MostBytes = 32 * 1024;

    private readonly Lock gate = new();
    private readonly Batch<T>?[] kept = new Batch<T>?[MostKept];
    private int count;

    /// <summary>Items a batch holds: 1,024, or fewer when an item is a large struct.</summary>
    public static int BatchSize { get; } = Math.Clamp(MostBytes / Unsafe.SizeOf<T>(), 16, 1024);

    public Batch<T> Rent()
    {
        lock (gate)
        {
            if (count > 0)
            {
                Batch<T> batch = kept[--count]!;
                kept[count] = null;
                return batch;
            }
        }

        return new Batch<T>(BatchSize);
    }

    /// <summary>Moves the first <paramref name="most"/> items of a batch into one of their own.</summary>
    public Batch<T> Slice(Batch<T> source, int most)
    {
        Batch<T> slice = Rent();
        slice.Number = source.Number;
        slice.Append(source, source.Start, most);
        source.Advance(most);
        return slice;
    }

    public void Return(Batch<T> batch)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(batch.Items, 0, batch.End);
        }

        batch.Start = 0;
        batch.Count = 0;
        batch.Failures = null;
        batch.Next = null;
        lock (gate)
        {
            if (count < MostKept)
            {
                kept[count++] = batch;
            }
        }
    }
}
