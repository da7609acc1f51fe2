using Leat.Tests.Pools.Slurm;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>What tests of graphs on Slurm have in common.</summary>
internal static class OnSlurm
{
    public const long MiB = 1L << 20;

    /// <summary>A job at a time in each of two allocations.</summary>
    public static SlurmOptions Two => SlurmCluster.Options with { Maximum = 2, IdleTime = TimeSpan.FromSeconds(1) };

    /// <summary>Writes what Slurm says of the allocation in which it runs: the cores, and on the next line all the rest.</summary>
    public static void Describe(string path) =>
        File.WriteAllText(path, $"{Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK")}\n{SlurmCluster.Run("scontrol", "show", "job", "--oneliner", Environment.GetEnvironmentVariable("SLURM_JOB_ID")!)}");

    public static JobReport Of(RunReport report, string id) => report.Jobs.Single(job => job.Job.Id.Text == id);

    /// <summary>Runs a graph on a pool, and notes what it warns of.</summary>
    public static Task<RunReport> RunAsync(JobRig rig, Action<JobGraph> define, Pool pool, List<string>? told = null) =>
        rig.RunAsync(define, (_, options) => options with
        {
            Pool = pool,
            Events = each =>
            {
                if (each is RunWarning warning) told?.Add(warning.Message);
            },
        });
}
