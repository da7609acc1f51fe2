namespace Leat.Tests.Kit;

public sealed class ManualClockTests
{
    private readonly ManualClock clock = new();
    private readonly List<string> fired = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ITimer Arm(string name, double dueSeconds, double periodSeconds = 0) => clock.CreateTimer(
        _ => fired.Add($"{name}@{(clock.GetUtcNow() - new ManualClock().GetUtcNow()).TotalSeconds}"),
        state: null, TimeSpan.FromSeconds(dueSeconds), TimeSpan.FromSeconds(periodSeconds));

    [Fact]
    public void Stands_still_until_it_is_moved()
    {
        DateTimeOffset start = clock.GetUtcNow();
        long stamp = clock.GetTimestamp();
        Assert.Equal(start, clock.GetUtcNow());

        clock.Advance(TimeSpan.FromSeconds(1.5));

        Assert.Equal(TimeSpan.FromSeconds(1.5), clock.GetUtcNow() - start);
        Assert.Equal(TimeSpan.FromSeconds(1.5), clock.GetElapsedTime(stamp));
    }

    [Fact]
    public void Does_not_go_backwards() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));

    [Fact]
    public void Fires_timers_in_due_order_each_at_its_time()
    {
        using ITimer late = Arm("late", 3);
        using ITimer early = Arm("early", 1);
        using ITimer twin = Arm("twin", 1);
        using ITimer never = Arm("never", 10);

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["early@1", "twin@1", "late@3"], fired);
        Assert.Equal(1, clock.ArmedTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period()
    {
        using ITimer timer = Arm("tick", 1, 2);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["tick@1", "tick@3", "tick@5"], fired);
    }

    [Fact]
    public void A_disposed_timer_neither_fires_nor_changes()
    {
        ITimer timer = Arm("tick", 1);
        timer.Dispose();
        Assert.False(timer.Change(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(fired);
    }

    [Fact]
    public void A_changed_timer_forgets_its_former_time()
    {
        using ITimer timer = Arm("tick", 1);
        Assert.True(timer.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(fired);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["tick@4"], fired);
    }

    [Fact]
    public void A_callback_may_arm_a_timer_that_is_due_in_the_same_advance()
    {
        using ITimer first = clock.CreateTimer(_ => Arm("second", 1), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["second@2"], fired);
    }

    [Fact]
    public async Task A_timer_without_delay_needs_no_advance()
    {
        var ran = new TaskCompletionSource();
        await using ITimer timer = clock.CreateTimer(_ => ran.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await ran.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task Drives_delays_and_timeouts_of_the_framework()
    {
        Task delay = Task.Delay(TimeSpan.FromMinutes(1), clock, Token);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2), clock);
        await clock.TimersArmedAsync(2, Token);

        clock.Advance(TimeSpan.FromMinutes(1));
        await delay;
        Assert.False(timeout.IsCancellationRequested);

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public async Task Tells_when_timers_are_armed()
    {
        Task armed = clock.TimersArmedAsync(2, Token);
        using ITimer one = Arm("one", 1);
        Assert.False(armed.IsCompleted);
        using ITimer two = Arm("two", 1);
        await armed;
    }

    [Fact]
    public async Task Fires_every_timer_once_however_many_threads_arm_and_advance()
    {
        for (int round = 0; round < Repeat.Times(5); round++)
        {
            var shared = new ManualClock();
            int count = 0;
            await Parallel.ForAsync(0, 200, Token, (i, _) =>
            {
                shared.CreateTimer(_ => Interlocked.Increment(ref count), null, TimeSpan.FromSeconds(1 + (i % 7)), Timeout.InfiniteTimeSpan);
                shared.Advance(TimeSpan.FromSeconds(i % 3));
                return ValueTask.CompletedTask;
            });
            shared.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(200, count);
        }
    }
}
