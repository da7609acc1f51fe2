namespace Leat.Pools;

/// <summary>How a session's items are worked on.</summary>
/// <param name="Name">Its name in errors.</param>
internal sealed record SessionOptions(string Name)
{
    /// <summary>How long the author's code may work on one item.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>By which the timeout is measured.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What an item fails with that takes longer.</summary>
    public Func<Exception>? TimeoutError { get; init; }

    /// <summary>True when outcomes are taken in the order of the items, false when as they come.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>True when results are taken when their item has ended, and not before.</summary>
    public bool IsWhole { get; init; }

    /// <summary>True when all items must go to one and the same worker, whose state can't be made again.</summary>
    public bool IsStateful { get; init; }
}
