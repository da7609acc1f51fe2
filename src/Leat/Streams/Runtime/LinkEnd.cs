namespace Leat.Streams;

/// <summary>How a link ended for its consumer.</summary>
internal enum LinkEnd
{
    /// <summary>Items may still come.</summary>
    Open,

    /// <summary>All items were delivered.</summary>
    Completed,

    /// <summary>The producer failed, or was cut short: what was delivered is not the whole.</summary>
    Failed,

    /// <summary>The consumer wanted no more.</summary>
    Closed,
}

/// <summary>What is the same for links of every item type.</summary>
internal abstract class Link
{
    /// <summary>Items that wait for the consumer.</summary>
    public abstract int Queued { get; }

    /// <summary>Drops everything and wakes everybody: nothing goes in or out any more.</summary>
    public abstract void Abort();
}
