namespace Leat.Streams;

/// <summary>
/// The items that one worker has taken in hand. Its owner goes through them without a lock; when it is stuck in
/// one, the pulse takes the rest away and gives it to the owner's neighbours.
/// </summary>
/// <remarks>
/// The owner publishes the item that it is about to start in <see cref="Next"/> and then looks at
/// <see cref="Limit"/>; the thief lowers the limit and then looks at next (the THE protocol of Cilk, Frigo et al.
/// 1998). A full fence has to stand between the two steps on both sides; the owner's would cost more than a
/// small body, so the thief, who comes at most once in a few milliseconds, pays for both with a process-wide
/// barrier. An owner that reaches the limit takes <see cref="Gate"/> and looks again, because a thief that found
/// it past the new limit raises the limit back under that lock.
/// </remarks>
internal sealed class Claim<T>
{
    public readonly Lock Gate = new();

    /// <summary>One more than the index of the item in hand. Written by the owner alone.</summary>
    public int Next;

    /// <summary>The index behind the last item of the claim.</summary>
    public int Limit;

    private int start;

    /// <summary>The batch that holds the items; null when the worker has none in hand.</summary>
    public Batch<T>? Batch { get; private set; }

    /// <summary>Counts the claims, so that a watcher can tell one from the next.</summary>
    public long Serial { get; private set; }

    /// <summary>Place of the item in hand in the stage's input.</summary>
    public long Number => Batch!.Number + Volatile.Read(ref Next) - 1 - start;

    /// <summary>How many of the claim's items were started.</summary>
    public int Done => Math.Min(Next, Limit) - start;

    public void Begin(Batch<T> batch)
    {
        lock (Gate)
        {
            start = batch.Start;
            Next = batch.Start;
            Limit = batch.End;
            Batch = batch;
            Serial++;
        }
    }

    /// <summary>Starts the next item; false when the claim is used up.</summary>
    public bool TryNext(out int index)
    {
        index = Next;
        Volatile.Write(ref Next, index + 1);
        return index < Volatile.Read(ref Limit) || TryNextSlow(index);
    }

    /// <summary>Gives back the batch to be recycled.</summary>
    public Batch<T> Finish()
    {
        lock (Gate)
        {
            Batch<T> batch = Batch!;
            Batch = null;
            return batch;
        }
    }

    /// <summary>
    /// Called by the thief, who holds <see cref="Gate"/>: takes all items behind the one in hand.
    /// Returns the range taken; it is empty when there were none.
    /// </summary>
    public (int From, int To) TakeRest()
    {
        if (Batch is null || Volatile.Read(ref Next) >= Limit)
        {
            return (0, 0);
        }

        int oldLimit = Limit;
        Volatile.Write(ref Limit, Math.Min(Volatile.Read(ref Next), oldLimit));
        Interlocked.MemoryBarrierProcessWide();
        int from = Math.Min(Volatile.Read(ref Next), oldLimit);
        Volatile.Write(ref Limit, from);
        return (from, oldLimit);
    }

    private bool TryNextSlow(int index)
    {
        lock (Gate)
        {
            return index < Limit;
        }
    }
}
