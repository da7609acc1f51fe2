using Leat.Scheduling;

namespace Leat;

/// <summary>What one piece of work takes of a machine while it runs.</summary>
public sealed record Resources
{
    internal static readonly Resources Default = new();

    // What the system's timers can do.
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(49);

    /// <summary>Cores; 1 by default. <see cref="Leat.Cores.All"/> stands for all that one machine has, so that no machine has too few.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1, and it is not <see cref="Leat.Cores.All"/>.</exception>
    public int Cores
    {
        get;
        init => field = value is >= 1 or Leat.Cores.All ? value : throw SchedulingErrors.BadResource(nameof(Cores), value, "at least 1 core is needed, or Cores.All for all that a machine has");
    } = 1;

    /// <summary>Memory in bytes; 0, the default, asks for none in particular.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0.</exception>
    public long Memory
    {
        get;
        init => field = value >= 0 ? value : throw SchedulingErrors.BadResource(nameof(Memory), value, "it can't be negative");
    }

    /// <summary>GPUs; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 0.</exception>
    public int Gpus
    {
        get;
        init => field = value >= 0 ? value : throw SchedulingErrors.BadResource(nameof(Gpus), value, "it can't be negative");
    }

    /// <summary>
    /// True when nothing else of Leat's may run on that machine meanwhile, as for a measurement of time; false by default. The work
    /// itself still says in <see cref="Cores"/> how many it uses.
    /// </summary>
    public bool Exclusive { get; init; }

    /// <summary>How long the work may take: a cluster is asked for that much, and elsewhere the work is ended after it. Null, the default, sets no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero, or more than 49 days.</exception>
    public TimeSpan? WallTime
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= LongestTime) ? value : throw SchedulingErrors.BadResource(nameof(WallTime), value, "it must be more than zero and at most 49 days");
    }

    /// <summary>True when nothing can run beside it: all work takes at least one core.</summary>
    internal bool TakesWhole => Exclusive || Cores == Leat.Cores.All;

    /// <summary>Twice as much time, as far as there can be.</summary>
    internal Resources WithMoreTime() => WallTime is { } time ? this with { WallTime = time > LongestTime / 2 ? LongestTime : time * 2 } : this;
}
