namespace Leat.Benchmarks.Remote;

/// <summary>Through Slurm, to a cluster of its own on the loopback interface.</summary>
internal sealed class SlurmWay : Way
{
    private const string Script = "eng/slurm";
    private const string CacheVariable = "XDG_CACHE_HOME";

    private readonly string folder;
    private readonly string? formerCache = Environment.GetEnvironmentVariable(CacheVariable);

    // Of a hundred MiB: as much as every core has where nobody asks for more.
    private SlurmWay(string folder)
        : base("srun", ["srun", "-N1", "-n1", "--overcommit", "--mem=100M", "--unbuffered", "--mpi=none", "--quiet"])
    {
        this.folder = folder;
        Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(folder, "slurm.conf"));
        Environment.SetEnvironmentVariable(CacheVariable, Cache);
    }

    private string Cache => Path.Combine(folder, "cache");

    /// <summary>Starts the cluster; null, and a word on why, where that can't be.</summary>
    public static SlurmWay? TryOpen()
    {
        // Room for the pools of all cases, and for the command that each is compared with.
        Environment.SetEnvironmentVariable("CPUS", "8");
        string place = Path.Combine(Directory.CreateTempSubdirectory("leat-bench-").FullName, "slurm");
        if (TryRun(Script, "up", place)) return new SlurmWay(place);
        Console.Error.WriteLine("The cases through Slurm are left out: there is no Slurm, or this is not the repository's root.");
        return null;
    }

    // It carries some tens of megabytes a second.
    public override int Part => 10;

    public override Pool Open(int workers) => Pool.Slurm(new SlurmOptions { Workers = workers, Output = _ => { } });

    public override void Forget()
    {
        if (Directory.Exists(Cache)) Directory.Delete(Cache, recursive: true);
    }

    protected override string Quoted(string words) => words;

    protected override void Close()
    {
        TryRun(Script, "down", folder);
        Environment.SetEnvironmentVariable(CacheVariable, formerCache);
    }
}
