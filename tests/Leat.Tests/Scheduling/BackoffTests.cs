using Leat.Scheduling;

namespace Leat.Tests.Scheduling;

/// <summary>Pauses between attempts.</summary>
public sealed class BackoffTests
{
    [Fact]
    public void They_double_up_to_the_longest()
    {
        var pauses = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(1, 5).Select(failures => pauses.Behind(failures).TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(5), pauses.Behind(int.MaxValue));
    }

    [Fact]
    public void No_pause_stays_none() => Assert.Equal(TimeSpan.Zero, new Backoff(TimeSpan.Zero).Behind(10));

    [Fact]
    public void A_timer_can_last_as_long_as_any()
    {
        var pauses = new Backoff(TimeSpan.FromDays(30));

        using ITimer timer = TimeProvider.System.CreateTimer(static _ => { }, null, pauses.Behind(int.MaxValue), Timeout.InfiniteTimeSpan);

        Assert.Equal(TimeSpan.FromDays(49), pauses.Behind(2));
    }

    [Fact]
    public void A_task_that_fails_again_and_again_waits_no_longer_than_that()
    {
        List<Instruction> instructions = [];
        var scheduler = new Scheduler(instructions) { HasAllWorkers = true };
        scheduler.Join(new Resources());
        int task = scheduler.Submit(new TaskSpec(new Resources(), TimeSpan.Zero) { Retries = 3, Delay = TimeSpan.FromDays(40) }, []);
        for (int attempt = 1; attempt <= 2; attempt++)
        {
            scheduler.Schedule();
            scheduler.Failed(task, attempt, FailureCause.Error);
            scheduler.Due(task);
        }

        Assert.Equal([40, 49], instructions.Where(each => each.Kind == InstructionKind.Retry).Select(each => Math.Round(each.Delay.TotalDays)));
    }
}
