namespace Leat;

/// <summary>What a pool asks of a Slurm cluster. Each allocation is a job of its own on one node, with some workers in it.</summary>
public sealed record SlurmOptions
{
    /// <summary>How many worker processes there are in each allocation; each works on one item at a time. Default: 1.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Cores for each worker. Default: 1.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Bytes of memory for each worker; 0, the default, takes what the partition gives.</summary>
    public long Memory { get; init; }

    /// <summary>GPUs for each worker. Default: 0.</summary>
    public int Gpus { get; init; }

    /// <summary>How long an allocation lasts at most; null, the default, takes the partition's time. Slurm counts in minutes.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>The partition; null, the default, takes Slurm's default.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that pays; null, the default, takes Slurm's default.</summary>
    public string? Account { get; init; }

    /// <summary>Further words of <c>srun</c>, such as <c>--constraint=avx2</c> or <c>--qos=long</c>. Default: none.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    /// <summary>How many allocations are kept also when there is nothing to do, from the first need on. Default: 0.</summary>
    public int Minimum { get; init; }

    /// <summary>
    /// How many allocations there are at most. Default: 1. A graph has as many jobs at a time as all their workers, and those with <see cref="Resources"/> of their own, or
    /// loaded data, have other allocations beside these.
    /// </summary>
    public int Maximum { get; init; } = 1;

    /// <summary>An allocation in which nothing was done for so long is given back. Default: 60 s.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>So long before its time is over an allocation gets no new work; at most a quarter of its time. Default: 60 s.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often Slurm is asked about allocations that are there, with one query for all of them; for those that wait in the queue it is every 10 s at the most
    /// seldom. Default: 30 s; at least 1 s.
    /// </summary>
    public TimeSpan StatusPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an allocation may take for each step of coming up once Slurm has given it. Waiting in the queue does not count. Default: 60 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An allocation that is silent for so long is given up: its items go to other workers. Default: 15 s; at least 5 s.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause before Slurm is asked again after it has refused, or lost, an allocation; the first is 1 s. Default: 60 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Gets what workers write to the console, and what becomes of allocations, one at a time. Null, the default, writes it to this program's own console.
    /// </summary>
    public Action<WorkerOutput>? Output { get; init; }
}
