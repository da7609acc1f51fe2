namespace Leat;

/// <summary>How a graph is run.</summary>
public sealed record RunOptions
{
    /// <summary>The jobs that are wanted, with all that they need; empty, the default, for all jobs.</summary>
    public IReadOnlyCollection<IJobInput> Targets { get; init; } = [];

    /// <summary>Where actions run; null, the default, for worker processes of this machine, as many as it has cores.</summary>
    public Pool? Pool { get; init; }

    /// <summary>How many cores the run takes at most, over all machines; null, the default, for as many as the pool has workers.</summary>
    public int? Cores { get; init; }

    /// <summary>How much memory the run takes at most, in bytes, of each machine; null, the default, for all that it has.</summary>
    public long? Memory { get; init; }

    /// <summary>How jobs on other machines come by their files; by default these see the same files as this one, under the same paths.</summary>
    public Files Files { get; init; }

    /// <summary>
    /// True, the default, to go on behind a failure with everything that does not need the failed job; false to start nothing more.
    /// </summary>
    public bool KeepGoing { get; init; } = true;

    /// <summary>
    /// True, the default, to share the machine's cores with other runs of the same user, and with GNU make where that has started the program;
    /// false to take no heed of them. On a pool with other machines nothing is shared.
    /// </summary>
    public bool SharesMachine { get; init; } = true;

    /// <summary>A plan that was shown: the run does what it says, and a job that must run and is not in it fails instead. Null by default.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Told what happens, one event at a time; it should be quick. Null by default.</summary>
    public Action<JobEvent>? Events { get; init; }
}
