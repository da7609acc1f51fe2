using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Tests.Pools.Slurm;

/// <summary>What Slurm's commands say, and what it is taken for.</summary>
public sealed class SlurmWordsTests
{
    [Theory]
    [InlineData("0:38", 38)]
    [InlineData("12:30", 750)]
    [InlineData("3:00:01", 10_801)]
    [InlineData("2-03:00:00", 183_600)]
    [InlineData("UNLIMITED", null)]
    [InlineData("INVALID", null)]
    [InlineData("NOT_SET", null)]
    [InlineData("", null)]
    public void Times_are_read(string text, int? seconds) => Assert.Equal(seconds, (int?)QueuedJob.ReadTime(text)?.TotalSeconds);

    [Fact]
    public void The_queue_is_read()
    {
        Dictionary<string, QueuedJob> jobs = QueuedJob.Read("leat-a.1|RUNNING|0:38|NONE|None\nleat-a.2|PENDING|UNLIMITED|N/A|Resources\n");
        Assert.Equal(new QueuedJob("RUNNING", "None", TimeSpan.FromSeconds(38)), jobs["leat-a.1"]);
        Assert.Equal(new QueuedJob("PENDING", "Resources", null), jobs["leat-a.2"]);
    }

    [Fact]
    public void An_end_that_is_before_the_limit_counts()
    {
        long end = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 100;
        Dictionary<string, QueuedJob> jobs = QueuedJob.Read($"leat-a.1|RUNNING|10:00|{end}|None\nleat-a.2|RUNNING|0:30|{end}|None\nleat-a.3|RUNNING|UNLIMITED|{end}|None\n");
        Assert.InRange(jobs["leat-a.1"].Left!.Value.TotalSeconds, 60, 100);
        Assert.Equal(TimeSpan.FromSeconds(30), jobs["leat-a.2"].Left);
        Assert.InRange(jobs["leat-a.3"].Left!.Value.TotalSeconds, 60, 100);
    }

    [Theory]
    [InlineData("slurmstepd-n2: error: *** STEP 14.0 ON n2 CANCELLED AT 2026-01-01T00:00:00 DUE TO PREEMPTION ***", "preempted", true)]
    [InlineData("slurmstepd-n2: error: *** STEP 4.0 ON n2 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***", "time limit", true)]
    [InlineData("slurmstepd-n1: error: *** STEP 2.0 ON n1 CANCELLED AT 2026-01-01T00:00:00 ***", "cancelled", true)]
    [InlineData("srun: error: Node failure on n1", "node", true)]
    [InlineData("srun: error: Task launch for StepId=12.0 failed on node n1: Communication connection failure", "node", true)]
    [InlineData("slurmstepd: error: Detected 1 oom_kill event in StepId=7.0", "memory", false)]
    [InlineData("srun: error: QOSMaxSubmitJobPerUserLimit\nsrun: error: Unable to allocate resources: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", "takes no more", true)]
    [InlineData("slurmstepd: error: Step 3.0 exceeded memory limit (9 > 8), being killed\nslurmstepd: error: *** STEP 3.0 ON n1 CANCELLED AT 2026-01-01T00:00:00 ***", "memory", false)]
    [InlineData("slurmstepd-n1: error: *** STEP 2.0 ON n1 CANCELLED AT 2026-01-01T00:00:00 ***\nslurmstepd: error: Detected 1 oom_kill event in StepId=2.0", "cancelled", true)]
    public void Ends_are_told_apart(string said, string word, bool isBlameless)
    {
        AgentEnd? end = SlurmEnds.Of(said);
        Assert.Contains(word, end!.Value.Reason, StringComparison.Ordinal);
        Assert.Equal(isBlameless, end.Value.IsBlameless);
    }

    [Theory]
    [InlineData("TIMEOUT", FailureCause.Time)]
    [InlineData("OUT_OF_MEMORY", FailureCause.Memory)]
    [InlineData("NODE_FAIL", null)]
    [InlineData("PREEMPTED", null)]
    [InlineData("CANCELLED", null)]
    internal void States_say_what_a_job_has_done(string state, FailureCause? cause)
    {
        Assert.NotNull(SlurmEnds.OfState(state));
        Assert.Equal(cause, SlurmEnds.OfState(state)!.Value.Cause);
    }

    [Theory]
    [InlineData("QOSMaxWallDurationPerJobLimit", true)]
    [InlineData("AssocMaxMemPerJob", true)]
    [InlineData("QOSMinGRESNotSatisfied", true)]
    [InlineData("PartitionTimeLimit", true)]
    [InlineData("QOSMaxJobsPerUserLimit", false)]
    [InlineData("Resources", false)]
    [InlineData("Priority", false)]
    public void What_would_wait_for_ever_is_known(string reason, bool isHopeless) => Assert.Equal(isHopeless, SlurmEnds.IsHopeless(reason));

    [Theory]
    [InlineData("TimeLimit", FailureCause.Time)]
    [InlineData("OutOfMemory", FailureCause.Memory)]
    internal void Reasons_say_how_a_job_ends(string reason, FailureCause cause) => Assert.Equal(cause, SlurmEnds.OfReason(reason)!.Value.Cause);

    [Fact]
    public void Of_what_says_nothing_of_an_end_nothing_is_known() => Assert.Null(SlurmEnds.Of("srun: error: n1: task 0: Killed"));

    [Fact]
    public void Options_out_of_range_are_refused() =>
        Assert.Contains("LEAT0234: SlurmOptions.Maximum must be at least 3.", Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Slurm(new SlurmOptions { Minimum = 3 })).Message, StringComparison.Ordinal);
}
