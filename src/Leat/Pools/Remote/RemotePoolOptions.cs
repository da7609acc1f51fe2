namespace Leat;

/// <summary>What can be said about a pool on other machines beside where it is.</summary>
public sealed record RemotePoolOptions
{
    /// <summary>With fewer hosts than this there for longer than <see cref="ConnectTimeout"/>, what waits for workers fails. Default: 1.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>
    /// How long a host may take for each step of coming up (to be reached, to answer, to start), and how long work waits while there are fewer than
    /// <see cref="Minimum"/>. Default: 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A host that is silent for so long is given up: its items go to other workers. Default: 15 s; at least 5 s.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause before a host that was lost, or could not be reached, is tried again; the first is 1 s. Default: 60 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Further arguments of <c>ssh</c>, ahead of the host, such as <c>-F</c> and the path of a configuration. Default: none.</summary>
    public IReadOnlyList<string> SshArguments { get; init; } = [];

    /// <summary>
    /// Gets what workers write to the console, and what becomes of hosts, one at a time and in the order in which each worker wrote it. Null,
    /// the default, writes it to this program's own console.
    /// </summary>
    public Action<WorkerOutput>? Output { get; init; }
}

/// <summary>A machine of a pool, at one moment.</summary>
/// <param name="Name">Its name, as it was given to the pool.</param>
/// <param name="Places">How many workers it may have.</param>
/// <param name="Workers">How many it has, and is starting.</param>
/// <param name="State">Whether it is there.</param>
/// <param name="Fault">Why it is not there, or was lost last; empty where all is well.</param>
/// <param name="AgentMemory">The bytes of memory that the agent there takes itself; 0 where it has not said so yet.</param>
public sealed record HostStats(string Name, int Places, int Workers, HostState State, string Fault, long AgentMemory);

/// <summary>Whether a machine of a pool is there.</summary>
public enum HostState
{
    /// <summary>It was not needed yet, or may be tried again.</summary>
    Idle,

    /// <summary>It is being connected, and sent the program's files.</summary>
    Connecting,

    /// <summary>It is there.</summary>
    Up,

    /// <summary>It could not be reached, or was lost, and is left alone for a while.</summary>
    Resting,

    /// <summary>It waits in a cluster's queue until the cluster gives it to the program.</summary>
    Queued,

    /// <summary>It gets no new work, as it is given back soon.</summary>
    Draining,
}
