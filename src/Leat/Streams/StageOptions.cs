using Leat.Pools;
using Leat.Streams;

namespace Leat;

/// <summary>How a stage works; every stage starts from the defaults and <c>With</c> changes a copy.</summary>
public sealed record StageOptions
{
    internal static readonly StageOptions Default = new();

    private readonly int? chosenWorkers;

    /// <summary>The defaults but for the workers; 1, which no author needs to say, leaves them to a pool.</summary>
    internal static StageOptions Of(int workers) => workers == 1 ? Default : new StageOptions { Workers = workers };

    /// <summary>
    /// How many handfuls of items are at work: for each process two where nobody has said how many, so that none has to wait for
    /// its next one.
    /// </summary>
    internal int Hands => Pool is ProcessPool && LeavesWorkersToPool ? 2 * Workers : Workers;

    /// <summary>True when the number of workers is that of the pool, whatever that becomes.</summary>
    internal bool GrowsWithPool => Pool is not null && LeavesWorkersToPool;

    /// <summary>True when the author has left the number of workers to the pool.</summary>
    internal bool LeavesWorkersToPool => chosenWorkers is null;

    /// <summary>
    /// How many items the stage works on at the same time; by default as many as its <see cref="Pool"/>, and 1 without a pool.
    /// More than the pool has workers are of no use.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int Workers
    {
        get => chosenWorkers ?? Pool?.Size ?? 1;
        init => chosenWorkers = value >= 1 ? value : throw StreamErrors.BadOption("workers", value, "a stage needs at least 1 worker");
    }

    /// <summary>Who works on the items; null, the default, for workers of the stage's own in this process.</summary>
    public Pool? Pool { get; init; }

    /// <summary>
    /// How many finished items may wait in the stage's output before its workers stop and wait; besides them, every
    /// worker may hold one. Null, the default, lets the engine choose: from 16 for a slow consumer to 4,096 for a fast one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int? Capacity
    {
        get;
        init => field = value is null or >= 1 ? value : throw StreamErrors.BadOption("capacity", value, "an output holds at least 1 item");
    }

    /// <summary>
    /// True, the default, when results leave in the order of their items. False lets each leave when it is ready; a
    /// stage with one worker keeps the order either way, and so does not apply to stages that see the whole stream.
    /// </summary>
    public bool Ordered { get; init; } = true;

    /// <summary>
    /// How many items a worker takes at once. Null, the default, lets the engine choose: 1 for slow bodies, up to 1,024
    /// for bodies that take nanoseconds. With 1, every item is handed over on its own. A stage with a timeout always takes one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 1.</exception>
    public int? Batch
    {
        get;
        init => field = value is null or >= 1 ? value : throw StreamErrors.BadOption("batch", value, "a batch holds at least 1 item");
    }

    /// <summary>
    /// How long the body may work on one item; null, the default, sets no limit. An item that takes longer fails with
    /// a <see cref="TimeoutException"/>: its token is cancelled, and a body that has not returned 100 ms later (at once,
    /// if it takes no token) is left behind on its thread and replaced.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || value > TimeSpan.Zero ? value : throw StreamErrors.BadOption("timeout", value, "it must be more than zero");
    }

    /// <summary>What happens when the body throws; <see cref="Leat.OnError.Stop"/> by default.</summary>
    public OnError OnError { get; init; } = OnError.Stop;
}
