namespace Leat.Jobs;

/// <summary>What an allocation of a Slurm cluster has for one job.</summary>
/// <param name="Cores">Cores, or <see cref="Leat.Cores.All"/>.</param>
/// <param name="Memory">Bytes of memory; 0 for what the partition gives.</param>
/// <param name="Gpus">GPUs.</param>
/// <param name="Time">How long it lasts, where that is the job's own time and no other's; null for as long as the pool's last.</param>
/// <param name="IsExclusive">True when nobody else is on its node.</param>
internal sealed record SlurmShape(int Cores, long Memory, int Gpus, TimeSpan? Time, bool IsExclusive)
{
    /// <summary>What a worker of the pool's own allocations has.</summary>
    public static SlurmShape Of(SlurmOptions options) => new(options.Cores, options.Memory, options.Gpus, null, IsExclusive: false);

    /// <summary>What a job asks for; what it leaves open, it has as the pool's workers do.</summary>
    /// <param name="wanted">What it asks for.</param>
    /// <param name="now">The same, with what has grown with attempts.</param>
    /// <param name="options">What the pool's allocations are.</param>
    public static SlurmShape Of(Resources wanted, Resources now, SlurmOptions options) => new(
        wanted.Cores == 1 ? options.Cores : wanted.Cores,
        now.Memory > 0 ? now.Memory : options.Memory,
        wanted.Gpus > 0 ? wanted.Gpus : options.Gpus,
        now.WallTime,
        wanted.TakesWhole);

    /// <summary>What the scheduler counts: places, of which a job takes one, and what grows with attempts.</summary>
    public static Resources PlaceOf(Resources wanted, SlurmOptions options) => new() { Exclusive = true, Memory = wanted.Memory > 0 ? wanted.Memory : options.Memory, WallTime = wanted.WallTime };

    /// <summary>What is asked for.</summary>
    /// <param name="options">What the pool's allocations are.</param>
    /// <param name="most">How many of them there may be.</param>
    public SlurmOptions In(SlurmOptions options, int most) => options with
    {
        Workers = 1,
        Cores = Cores,
        Memory = Memory,
        Gpus = Gpus,
        Time = Time ?? options.Time,
        Extra = IsExclusive ? [.. options.Extra, "--exclusive"] : options.Extra,
        Minimum = 0,
        Maximum = most,
    };

    /// <summary>So many workers' as one.</summary>
    public SlurmShape Times(int workers) => this with { Cores = Cores == Leat.Cores.All ? Cores : Cores * workers, Memory = Memory * workers, Gpus = Gpus * workers };
}
