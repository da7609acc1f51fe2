using System.Diagnostics;

namespace Leat.Streams;

/// <summary>
/// The bounded queue between the workers that produce one pipe's items and the workers that consume them.
/// </summary>
/// <remarks>
/// A producer reserves places before it takes input of its own, so that what it makes always has room, and gives
/// back what it did not need. A bound that the author did not set starts small and is doubled when the consumer starved
/// after producers had to wait for room, and could have taken that many items meanwhile: because it is fast, or because
/// one slow item at the head of an ordered stage keeps others back. So a slow consumer keeps few items in memory, and a
/// fast one is not short of them.
/// <code>
///   reserved --Push--> queued --TryTake--> consumer's
///   places: reserved + queued at most Limit, but for the first slot, which only looks at queued
/// </code>
/// </remarks>
internal sealed partial class Link<T>(BatchPool<T> pool, int? capacity, int producerWorkers) : Link
{
    private const int SmallestAdaptiveLimit = 16;
    private const int LargestAdaptiveLimit = 4096;

    // A batch at most this large is copied behind the last one queued instead of being queued itself.
    private const int SmallBatch = 32;

    private readonly Lock gate = new();
    private readonly List<Lane> consumers = [];
    private readonly List<Lane> producers = [];
    private int limit = (int)Math.Min((long)(capacity ?? SmallestAdaptiveLimit) + producerWorkers, int.MaxValue);
    private Batch<T>? head;
    private Batch<T>? tail;
    private Slot<T>? firstSlot;
    private Slot<T>? lastSlot;
    private Slot<T>? freeSlots;
    private int queued;
    private int reserved;
    private long pushed;
    private LinkEnd end;
    private bool closed;
    private bool producersWaited;
    private int hands;
    private Starvation starvation;

    public BatchPool<T> Pool => pool;

    /// <summary>Called once, when the consumer wants no more.</summary>
    public Action? OnClosed { get; set; }

    public override int Queued => Volatile.Read(ref queued);

    /// <summary>True when the consumer wants no more items.</summary>
    public bool IsClosed => Volatile.Read(ref closed);

    /// <summary>How many places one producer may ask for without taking them all from the others.</summary>
    public int FairShare => producerWorkers == 1 ? int.MaxValue : Math.Max(1, Volatile.Read(ref limit) / (2 * producerWorkers));

    /// <summary>How the link ended; <see cref="LinkEnd.Open"/> while items may still be taken.</summary>
    public LinkEnd End
    {
        get
        {
            lock (gate)
            {
                return closed ? LinkEnd.Closed : queued > 0 ? LinkEnd.Open : end;
            }
        }
    }

    /// <summary>Reserves up to <paramref name="want"/> places; returns how many, 0 for none now, -1 for never.</summary>
    public int TryReserve(int want)
    {
        Lane? wake;
        int granted;
        lock (gate)
        {
            if (closed || end != LinkEnd.Open)
            {
                return -1;
            }

            granted = Math.Max(0, Math.Min(want, limit - queued - reserved));
            reserved += granted;
            wake = ProducerToWake();
        }

        wake?.Wake();
        return granted;
    }

    public void Unreserve(int count)
    {
        Lane? wake;
        lock (gate)
        {
            reserved -= count;
            wake = ProducerToWake();
        }

        wake?.Wake();
    }

    /// <summary>Queues a batch that came without a slot and gives back the places that were reserved for it.</summary>
    public void Push(Batch<T>? batch, int release)
    {
        Lane? wakeConsumer = null;
        Lane? wakeProducer;
        lock (gate)
        {
            reserved -= release;
            if (batch is not null && Append(batch))
            {
                wakeConsumer = ConsumerToWake();
            }

            wakeProducer = ProducerToWake();
            AssertInvariants();
        }

        wakeConsumer?.Wake();
        wakeProducer?.Wake();
    }

    /// <summary>Takes up to <paramref name="most"/> items; false when there are none now.</summary>
    public bool TryTake(int most, out Batch<T> batch)
    {
        Lane? wakeProducer;
        Lane? wakeConsumer = null;
        lock (gate)
        {
            if (head is null)
            {
                batch = null!;
                return false;
            }

            batch = head.Count <= most ? Dequeue() : pool.Slice(head, most);
            queued -= batch.Count;
            if (queued > 0)
            {
                wakeConsumer = ConsumerToWake();
            }

            wakeProducer = ProducerToWake();
            NoteTaken(batch.Count);
            AssertInvariants();
        }

        wakeProducer?.Wake();
        wakeConsumer?.Wake();
        return true;
    }

    /// <summary>Places that can be reserved now; as many as anyone may want in a link that takes no more items.</summary>
    public int Free
    {
        get
        {
            lock (gate)
            {
                return closed || end != LinkEnd.Open ? int.MaxValue : limit - queued - reserved;
            }
        }
    }

    private void NoteTaken(int count)
    {
        starvation.Took(count);
        if (starvation.IsMet && (queued > 0 || consumers.Count == 0)) return;
        long now = Stopwatch.GetTimestamp();
        starvation.Meet(now);
        // Others wait on.
        if (queued == 0 && consumers.Count > 0) starvation.Begin(now, held: producers.Count > 0, PartThatWaits);
    }

    // True when items were added.
    private bool Append(Batch<T> batch)
    {
        int count = batch.Count;
        if (closed || end != LinkEnd.Open || count == 0)
        {
            pool.Return(batch);
            return false;
        }

        if (starvation.IsStarving)
        {
            starvation.End(Stopwatch.GetTimestamp());
        }

        batch.Number = pushed;
        pushed += count;
        queued += count;
        if (tail is not null && count <= SmallBatch && tail.Room >= count)
        {
            tail.Append(batch, batch.Start, count);
            pool.Return(batch);
            return true;
        }

        if (tail is null)
        {
            head = batch;
        }
        else
        {
            tail.Next = batch;
        }

        tail = batch;
        return true;
    }

    private Batch<T> Dequeue()
    {
        Batch<T> batch = head!;
        head = batch.Next;
        tail = head is null ? null : tail;
        batch.Next = null;
        return batch;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        int count = 0;
        for (Batch<T>? batch = head; batch is not null; batch = batch.Next)
        {
            Debug.Assert(batch.Count > 0, "an empty batch is queued");
            count += batch.Count;
        }

        Debug.Assert(count == queued, "queued counts the items in the batches");
        Debug.Assert(reserved >= 0 || closed || end != LinkEnd.Open, "more places were given back than reserved");
        Debug.Assert(head is null == tail is null, "head and tail are null together");
    }
}
