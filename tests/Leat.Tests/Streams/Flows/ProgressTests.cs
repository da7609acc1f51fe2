using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Flows;

/// <summary>FlowOptions.Progress: told at every interval and once at the end.</summary>
public sealed class ProgressTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    [Fact(Timeout = 30_000)]
    public async Task It_is_told_at_every_interval_and_once_at_the_end()
    {
        var clock = new ManualClock();
        var told = new ConcurrentQueue<FlowStats>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10) | Stage.Map<int, int>(async item =>
            {
                await gate.Task;
                return item;
            }),
            new FlowOptions { Clock = clock, Progress = told.Enqueue, ProgressInterval = Interval });

        clock.Advance(3 * Interval);
        Assert.Equal([Interval, 2 * Interval, 3 * Interval], told.Select(stats => stats.Elapsed));
        Assert.All(told, stats => Assert.Equal(FlowState.Running, stats.State));
        gate.SetResult();
        await flow.Completion;

        FlowStats last = told.Last();
        Assert.Equal(4, told.Count);
        Assert.Equal((FlowState.Completed, 10L), (last.State, last["Map"].Out));
        clock.Advance(10 * Interval);
        Assert.Equal(4, told.Count);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FlowState.Completed)]
    [InlineData(FlowState.Failed)]
    [InlineData(FlowState.Cancelled)]
    public async Task The_last_one_has_the_final_state_and_counts(FlowState end)
    {
        var told = new ConcurrentQueue<FlowStats>();
        var cancelled = new CancellationTokenSource();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10) | Stage.Map((int item) =>
            {
                if (item == 5 && end == FlowState.Failed) throw new TestFailureException("here");
                if (item == 5 && end == FlowState.Cancelled) cancelled.Cancel();
                return item;
            }),
            new FlowOptions { Progress = told.Enqueue, ProgressInterval = TimeSpan.FromHours(1) },
            cancelled.Token);

        await Ended.SoonAsync(flow.Completion);

        FlowStats last = Assert.Single(told);
        Assert.Equal(end, last.State);
        Assert.Equal(flow.Stats.Stages, last.Stages);
        Assert.Equal(flow.Stats.Elapsed, last.Elapsed);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_listener_throws_changes_nothing()
    {
        var clock = new ManualClock();
        await using Flow flow = Flow.Start(
            new Well().AsPipe(asynchronous: false),
            new FlowOptions { Clock = clock, Progress = _ => throw new TestFailureException("listener"), ProgressInterval = Interval });

        clock.Advance(3 * Interval);
        await Ended.SoonAsync(flow.StopAsync());

        Assert.Equal(FlowState.Completed, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_listener_is_told_by_one_caller_at_a_time()
    {
        int inside = 0;
        int most = 0;
        int calls = 0;
        await using Flow flow = Flow.Start(
            new Well().AsPipe(asynchronous: false),
            new FlowOptions { Progress = Listen, ProgressInterval = TimeSpan.FromMilliseconds(1) });

        await Eventually.TrueAsync(() => Volatile.Read(ref calls) >= 20, () => $"{calls} calls came.");
        await Ended.SoonAsync(flow.StopAsync());

        Assert.Equal(1, most);

        void Listen(FlowStats stats)
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Increment(ref calls);
            Thread.Yield();
            Interlocked.Decrement(ref inside);
        }
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(60 * 24 * 3600)]
    public void An_interval_that_no_timer_takes_is_refused(int seconds)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => new FlowOptions { ProgressInterval = TimeSpan.FromSeconds(seconds) });
        Assert.Contains("LEAT0002", error.Message, StringComparison.Ordinal);
    }
}
