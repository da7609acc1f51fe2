namespace Leat.Pools;

/// <summary>One of those who share a pool: how much of its time it has had, and what of it waits.</summary>
internal sealed class Share<T>
{
    /// <summary>The pool's time that it has had, with what it was granted in absence.</summary>
    public long Used { get; set; }

    /// <summary>What waits, first in, first out.</summary>
    public LinkedList<T> Waiting { get; } = [];
}

/// <summary>
/// Who of several is served next: the one that has had the least of the pool's time (start-time fair queueing, Goyal et al. 1996,
/// with all weights equal). One that was away starts level with the others, so that nobody saves time up. Pure, and not
/// safe for several threads.
/// </summary>
internal sealed class FairQueue<T>
{
    private readonly List<Share<T>> active = [];
    private long level;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Lets something wait: behind its share's others, or, where an order is given, before those that come after it.</summary>
    public void Add(Share<T> share, T item, Comparison<T>? order = null)
    {
        if (share.Waiting.Count == 0)
        {
            share.Used = Math.Max(share.Used, level);
            active.Add(share);
        }

        LinkedListNode<T>? later = order is null ? null : share.Waiting.First;
        while (later is not null && order!(later.Value, item) < 0)
        {
            later = later.Next;
        }

        if (later is null) share.Waiting.AddLast(item);
        else share.Waiting.AddBefore(later, item);

        Count++;
    }

    /// <summary>Takes the next one that may go now.</summary>
    /// <param name="may">Says of the first of each share whether it may; the share that has had least is asked first.</param>
    /// <param name="taken">What was taken, and whose it was.</param>
    public bool TryTake(Func<T, bool> may, out (Share<T> Share, T Item) taken)
    {
        Share<T>? best = null;
        foreach (Share<T> share in active)
        {
            if ((best is null || share.Used < best.Used) && may(share.Waiting.First!.Value))
            {
                best = share;
            }
        }

        if (best is null)
        {
            taken = default;
            return false;
        }

        taken = (best, best.Waiting.First!.Value);
        level = Math.Max(level, best.Used);
        best.Waiting.RemoveFirst();
        Left(best);
        return true;
    }

    /// <summary>Takes away what need not be served any more.</summary>
    public List<T> Remove(Share<T> share, Predicate<T> which)
    {
        List<T> removed = [];
        for (LinkedListNode<T>? node = share.Waiting.First; node is not null;)
        {
            LinkedListNode<T>? next = node.Next;
            if (which(node.Value))
            {
                share.Waiting.Remove(node);
                removed.Add(node.Value);
                Left(share);
            }

            node = next;
        }

        return removed;
    }

    /// <summary>Notes time that a share has used; a negative one gives back what was noted too much.</summary>
    public static void Charge(Share<T> share, long time) => share.Used += time;

    private void Left(Share<T> share)
    {
        Count--;
        if (share.Waiting.Count == 0)
        {
            active.Remove(share);
        }
    }
}
