using Leat.Calls;

namespace Leat;

/// <summary>How the calls of a function are made. A <see cref="Cache"/> converts to the options that have it.</summary>
public sealed record CallOptions
{
    // What the system's timers can do.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>Where the calls run; null, the default, for the pool of the run.</summary>
    public Pool? Pool { get; init; }

    /// <summary>Where results are looked up and kept; null, the default, for none: then every call runs.</summary>
    public Cache? Cache { get; init; }

    /// <summary>
    /// What the function is called in errors and explanations; null, the default, for the name of its method, and where it has none
    /// for the expression that was given.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// How long a call may take; null, the default, sets no limit. One that takes longer fails with a
    /// <see cref="TimeoutException"/>: its token is cancelled, and a body that has not returned 100 ms later (at once, if it takes
    /// no token) is left behind on its thread, or ended with its process.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero, or more than 49 days.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= Longest) ? value : throw CallErrors.BadOption(nameof(Timeout), value, "it must be more than zero and at most 49 days");
    }

    /// <summary>How often the function is called again when it fails; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 0.</exception>
    public int Retries
    {
        get;
        init => field = value >= 0 ? value : throw CallErrors.BadOption(nameof(Retries), value, "it can't be negative");
    }

    /// <summary>
    /// What one call takes of the machine while it runs; one core by default. A run starts a call when what it needs is free:
    /// of cores as many as its pool has workers, of memory and GPUs what the machine has. A call with <see cref="Cores.All"/>, or an
    /// exclusive one, is the only one of its run on its pool meanwhile. <see cref="Resources.WallTime"/> is a limit as
    /// <see cref="Timeout"/> is; of both the shorter one counts.
    /// </summary>
    public Resources Resources { get; init; } = Resources.Default;

    /// <summary>How long a call may take, whoever said so.</summary>
    internal TimeSpan? Limit => Timeout < Resources.WallTime || Resources.WallTime is null ? Timeout : Resources.WallTime;

    /// <summary>The options that have a cache.</summary>
    public static implicit operator CallOptions(Cache? cache) => new() { Cache = cache };
}
