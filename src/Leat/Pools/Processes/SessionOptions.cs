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

    /// <summary>
    /// True when each piece has a worker for itself, which has done nothing before it and does nothing behind it. The session must have the
    /// <see cref="Share"/> of an isolation that has begun.
    /// </summary>
    public bool IsIsolated { get; init; }

    /// <summary>
    /// True when pieces are worked on at the same time, and beside all others, in the one worker that the pool has then. A piece has one item.
    /// A worker lost with a single piece is that piece's fault.
    /// </summary>
    public bool IsConcurrent { get; init; }

    /// <summary>
    /// True when a worker tells of each item that it starts: for a timeout, and for actions that leave something behind. A worker whose program has ended can't
    /// tell, and ends instead of starting what it was given last.
    /// </summary>
    public bool TellsStarts => Timeout is not null || IsAction;

    /// <summary>
    /// True when what runs leaves something behind. On another machine it starts when the program says so, and not when that has ended unheard, unless it <see cref="IsHarmless"/>; and
    /// when the machine is lost it does not run again by itself: what is left there may still be at work.
    /// </summary>
    public bool IsAction => IsIsolated || IsConcurrent;

    /// <summary>True when an action need not wait for the program's word: it does no harm where that has ended.</summary>
    public bool IsHarmless { get; init; }

    /// <summary>True when an item on another machine waits until the program has heard that it starts, and says so.</summary>
    public bool AwaitsGo => IsAction && !IsHarmless;

    /// <summary>A session whose function is made on a worker before this one's; null for none.</summary>
    public PoolSession? Needs { get; init; }

    /// <summary>Objects that are the same ones on a worker, wherever the function refers to them.</summary>
    public IReadOnlyCollection<object> Shared { get; init; } = [];

    /// <summary>What it has of the pool's time together with other sessions; null when it has it alone.</summary>
    public Share<Piece>? Share { get; init; }

    /// <summary>Told what becomes of pieces; null for nobody.</summary>
    public ISessionWatcher? Watcher { get; init; }
}

/// <summary>Wants to know where the pieces of a session are, and what they write.</summary>
internal interface ISessionWatcher
{
    /// <summary>A piece is about to be sent to a worker.</summary>
    void OnPlaced(WorkerLink link);

    /// <summary>A worker that a piece has for itself, or its body, has written to the console.</summary>
    void OnOutput(string text);
}
