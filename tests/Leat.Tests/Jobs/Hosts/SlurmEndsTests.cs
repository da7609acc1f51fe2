using System.Globalization;
using System.Runtime.Versioning;
using Leat.Tests.Jobs.Execution;
using Leat.Tests.Pools;
using Leat.Tests.Pools.Slurm;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>What ends allocations of a real Slurm with jobs in them is told apart, and so is what becomes of the jobs.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class SlurmEndsTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_somebody_cancels_runs_again_and_says_what_happened()
    {
        List<string> told = [];
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph => graph.File("a.txt", path =>
            {
                Meeting.Of(meeting, 1);
                if (Meeting.Count(meeting) == 1)
                {
                    SlurmCluster.Run("scancel", Environment.GetEnvironmentVariable("SLURM_JOB_ID")!);
                    Thread.Sleep(Timeout.Infinite);
                }

                File.WriteAllText(path, "x");
            }),
            pool,
            told);

        Assert.Equal((JobOutcome.Succeeded, 2), (OnSlurm.Of(report, "a.txt").Outcome, OnSlurm.Of(report, "a.txt").Attempts));
        Assert.Matches(@"^'a.txt' was lost, and runs again. LEAT0235: The allocation n\d \(job \d+\) was lost: it was cancelled, by scancel or an administrator\.", Assert.Single(told));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_is_preempted_runs_again_and_says_what_happened()
    {
        List<string> told = [];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        Task<RunReport> run = await StartHangingAsync(pool, told);
        SlurmCluster.Run("srun", "-N2", "--partition=urgent", "--cpus-per-task=2", "--exclusive", "true");

        Assert.Equal(JobOutcome.Succeeded, OnSlurm.Of(await run, "a.txt").Outcome);
        Assert.Contains(" was lost: it was preempted by another job.", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_job_whose_node_fails_runs_again()
    {
        List<string> told = [];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        Task<RunReport> run = await StartHangingAsync(pool, told);
        string node = SlurmCluster.Queue("%N")[0];
        cluster.Control("kill-node", node);
        RunReport report = await run;
        cluster.Control("start-node", node);

        Assert.Equal((JobOutcome.Succeeded, 2), (OnSlurm.Of(report, "a.txt").Outcome, OnSlurm.Of(report, "a.txt").Attempts));
        Assert.StartsWith("'a.txt' was lost, and runs again.", Assert.Single(told), StringComparison.Ordinal);
        Assert.Contains(" was lost", told[0], StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_time_limit_of_Slurm_fails_a_job_that_had_all_of_the_time_and_is_longer_the_next_time(bool retries)
    {
        List<string> told = [];
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two with { Time = TimeSpan.FromMinutes(1), StatusPeriod = TimeSpan.FromSeconds(1) });

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph => graph.File("a.txt", path =>
            {
                Meeting.Of(meeting, 1);
                int attempt = Meeting.Count(meeting);
                string job = Environment.GetEnvironmentVariable("SLURM_JOB_ID")!;
                if (attempt <= 2)
                {
                    // As if it had taken nearly all of its time.
                    SlurmCluster.Run("scontrol", "update", $"JobId={job}", $"EndTime={TimeProvider.System.GetLocalNow().AddSeconds(attempt == 1 ? 7 : 1).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}");
                    Thread.Sleep(Timeout.Infinite);
                }

                OnSlurm.Describe(path);
            }, new JobOptions { Retries = retries ? 1 : 0 }),
            pool,
            told);

        // The first time it may have begun late, in an allocation that is there for all.
        Assert.Contains(" was lost: its time limit was reached.", told[0], StringComparison.Ordinal);
        if (retries)
        {
            Assert.Equal((JobOutcome.Succeeded, 3), (OnSlurm.Of(report, "a.txt").Outcome, OnSlurm.Of(report, "a.txt").Attempts));
            Assert.Contains(" TimeLimit=00:02:00 ", rig.Read("a.txt"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Matches(@"^LEAT0236: The action of 'a.txt' was ended with its allocation, n\d \(job \d+\): its time limit of 1 min was reached", Assert.IsType<TimeoutException>(OnSlurm.Of(report, "a.txt").Error).Message);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_took_longer_than_its_time_gets_twice_as_much()
    {
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph => graph.File("a.txt", path =>
            {
                HangFirst(meeting);
                OnSlurm.Describe(path);
            }, new JobOptions { Retries = 1, Timeout = TimeSpan.FromSeconds(3), Resources = new Resources { WallTime = TimeSpan.FromSeconds(40) } }),
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Contains(" TimeLimit=00:02:00 ", rig.Read("a.txt"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_had_too_little_memory_gets_twice_as_much()
    {
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph => graph.File("a.txt", path =>
            {
                Meeting.Of(meeting, 1);
                if (Meeting.Count(meeting) == 1)
                {
                    byte[] much = new byte[700 << 20];
                    Array.Fill(much, (byte)1);
                    Thread.Sleep(Timeout.Infinite);
                    File.WriteAllBytes(path, much);
                }

                OnSlurm.Describe(path);
            }, new JobOptions { Retries = 1, Resources = new Resources { Memory = 400 * OnSlurm.MiB } }),
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Contains(" MinMemoryNode=800M ", rig.Read("a.txt"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_Slurm_ends_for_its_memory_gets_twice_as_much()
    {
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);
        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph =>
            {
                foreach (int retries in (int[])[0, 1])
                {
                    graph.File($"{retries}.txt", path =>
                    {
                        string own = Path.Combine(meeting, $"{retries}");
                        Meeting.Of(own, 1);
                        if (Meeting.Count(own) == 1)
                        {
                            // This Slurm limits no memory: what one that does writes to srun, and does then.
                            int agent = Leat.Pools.UnixProcess.Parent;
                            File.WriteAllText($"/proc/{agent}/fd/2", "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step tasks have been OOM Killed.\n");
                            Children.Kill(agent);
                            Thread.Sleep(Timeout.Infinite);
                        }

                        OnSlurm.Describe(path);
                    }, new JobOptions { Retries = retries });
                }
            },
            pool);

        Assert.Matches(@"^LEAT0155: The process in which the action of '0.txt' ran was ended because there was no more memory \(n\d \(job \d+\): it ran out of memory\)", OnSlurm.Of(report, "0.txt").Error?.Message);
        Assert.Equal((JobOutcome.Succeeded, 2), (OnSlurm.Of(report, "1.txt").Outcome, OnSlurm.Of(report, "1.txt").Attempts));
        Assert.Contains(" MinMemoryNode=600M ", rig.Read("1.txt"), StringComparison.Ordinal);
    }

    // Runs a job, and comes back when its first attempt is there.
    private async Task<Task<RunReport>> StartHangingAsync(Pool pool, List<string> told)
    {
        string meeting = rig["meeting"];
        Task<RunReport> run = OnSlurm.RunAsync(
            rig,
            graph => graph.File("a.txt", path =>
            {
                HangFirst(meeting);
                File.WriteAllText(path, "x");
            }),
            pool,
            told);
        await Eventually.TrueAsync(() => Meeting.Count(meeting) == 1, () => "The job did not start.");
        return run;
    }

    // The first attempt hangs.
    private static void HangFirst(string meeting)
    {
        Meeting.Of(meeting, 1);
        if (Meeting.Count(meeting) == 1) Thread.Sleep(Timeout.Infinite);
    }
}
