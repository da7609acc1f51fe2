namespace Leat.Streams;

/// <summary>A worker of a per-item stage: the claim in its hands, what it has made, and the lease on its item.</summary>
internal sealed class ItemWorker<TIn, TOut> : Worker
{
    private long watchedSerial;
    private int watchedNext;

    public ItemWorker(Node node, Link<TOut> output, bool buffered)
        : base(node.Run)
    {
        Writer = new Writer<TOut>(output, this);
        Emitter = new Emitter<TOut>(node, Writer, Lane, buffered);
    }

    public Claim<TIn> Claim { get; } = new();

    public Writer<TOut> Writer { get; }

    public Emitter<TOut> Emitter { get; }

    /// <summary>The place of the claim's results in an ordered output.</summary>
    public Slot<TOut>? Slot;

    /// <summary>True while the body waits without holding a thread.</summary>
    public volatile bool Awaiting;

    /// <summary>How often the item in hand has failed.</summary>
    public int Attempts;

    /// <summary>When the item in hand ends by timeout; only stages with one use it.</summary>
    public ItemLease? Lease;

    /// <summary>True when the worker is at the same claim as at the last beat: slower than it was expected to be.</summary>
    /// <param name="onSameItem">True when it is at the same item of it, too.</param>
    public bool IsOnSameClaim(out bool onSameItem)
    {
        int next = Volatile.Read(ref Claim.Next);
        bool same = Claim.Batch is not null && Busy && Claim.Serial == watchedSerial;
        onSameItem = same && next == watchedNext;
        watchedSerial = Claim.Serial;
        watchedNext = next;
        return same;
    }
}
