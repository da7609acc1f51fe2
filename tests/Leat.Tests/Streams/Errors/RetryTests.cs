using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Errors;

/// <summary>OnError.Retry: the body is called again, and only when the last call fails is it told what to do then.</summary>
public sealed class RetryTests
{
    public static MatrixTheoryData<bool, int> Kinds { get; } = new([false, true], [1, 3]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task An_item_that_succeeds_at_last_is_like_any_other(bool asynchronous, int workers)
    {
        var calls = new ConcurrentDictionary<int, int>();
        Stage<int, int> stage = FailsAtFirst(calls, times: 2, asynchronous, workers).With(onError: OnError.Retry(2));

        List<int> items = await (Enumerable.Range(0, 300) | stage).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 300), items);
        Assert.All(calls, call => Assert.Equal(call.Key % 5 == 0 ? 3 : 1, call.Value));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task Every_retry_is_told(bool asynchronous, int workers)
    {
        var told = new ConcurrentQueue<RunEvent>();
        Stage<int, int> stage = FailsAtFirst([], times: 2, asynchronous, workers).With(onError: OnError.Retry(5)).Named("flaky");

        await (Enumerable.Range(0, 7) | stage).Watch(told.Enqueue).CountAsync();

        ItemFailure[] failures = [.. told.Cast<ItemRetried>().Select(retried => retried.Failure).OrderBy(f => f.Number).ThenBy(f => f.Attempts)];
        Assert.Equal([(0L, 1), (0, 2), (5, 1), (5, 2)], failures.Select(failure => (failure.Number, failure.Attempts)));
        Assert.All(failures, failure => Assert.Equal(("flaky", (object)(int)failure.Number, $"attempt {failure.Attempts}"), (failure.Stage, failure.Item, failure.Exception.Message)));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task When_the_last_retry_fails_the_run_stops_by_default(bool asynchronous, int workers)
    {
        var calls = new ConcurrentDictionary<int, int>();
        Stage<int, int> stage = FailsAtFirst(calls, times: 100, asynchronous, workers, from: 10).With(onError: OnError.Retry(3));

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(Enumerable.Range(1, 12) | stage.Named("flaky"));

        Assert.Equal(Enumerable.Range(1, 9), items);
        Assert.Equal(4, calls[10]);
        Assert.Equal("LEAT0001: The run failed: stage 'flaky' failed on item 9 (10) after 4 attempts: TestFailureException: attempt 4", error.Message);
        Assert.Equal(4, Assert.Single(error.Failures).Attempts);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task When_the_last_retry_fails_the_item_may_be_skipped(bool asynchronous, int workers)
    {
        var told = new ConcurrentQueue<RunEvent>();
        Stage<int, int> stage = FailsAtFirst([], times: 100, asynchronous, workers).With(onError: OnError.Retry(2, then: OnError.Skip));
        await using Flow flow = Flow.Start(Enumerable.Range(0, 20) | stage.Named("flaky"), new FlowOptions { Events = told.Enqueue });

        await Ended.SoonAsync(flow.Completion);

        StageStats stats = flow.Stats["flaky"];
        Assert.Equal((20, 16, 4, 4), (stats.In, stats.Out, stats.Failed, stats.Skipped));
        Assert.Equal(8, told.OfType<ItemRetried>().Count());
        Assert.All(told.OfType<ItemSkipped>(), skipped => Assert.Equal(3, skipped.Failure.Attempts));
        Assert.Equal(4, told.OfType<ItemSkipped>().Count());
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task When_the_last_retry_fails_the_failure_may_be_carried(bool asynchronous, int workers)
    {
        Stage<int, int> stage = FailsAtFirst([], times: 100, asynchronous, workers).With(onError: OnError.Retry(2, then: OnError.Carry));

        List<Outcome<int>> outcomes = await (Enumerable.Range(0, 20) | stage).Outcomes().ToListAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 5 != 0), outcomes.Select(outcome => outcome.IsSuccess));
        Assert.All(outcomes.Where(outcome => !outcome.IsSuccess), outcome => Assert.Equal(3, outcome.Failure!.Attempts));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_delay_is_waited_for_before_every_retry_and_by_the_flow_s_clock()
    {
        var clock = new ManualClock();
        DateTimeOffset start = clock.GetUtcNow();
        var calls = new ConcurrentQueue<TimeSpan>();
        Stage<int, int> stage = Stage.Map<int, int>(_ =>
        {
            calls.Enqueue(clock.GetUtcNow() - start);
            throw new TestFailureException("always");
        }).With(onError: OnError.Retry(2, TimeSpan.FromSeconds(10)));
        await using Flow flow = Flow.Start(new[] { 1 } | stage, new FlowOptions { Clock = clock });

        // One is the engine's own: the pulse.
        await clock.TimersArmedAsync(2);
        clock.Advance(TimeSpan.FromSeconds(9.998));
        Assert.Single(calls);
        clock.Advance(TimeSpan.FromMilliseconds(2));
        await clock.TimersArmedAsync(2);
        Assert.Equal(2, calls.Count);
        clock.Advance(TimeSpan.FromSeconds(10));

        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal(3, error.Failures[0].Attempts);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], calls);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flow_that_is_cancelled_does_not_wait_for_a_delay()
    {
        var clock = new ManualClock();
        Stage<int, int> stage = Stage.Map<int, int>(_ => throw new TestFailureException("always")).With(onError: OnError.Retry(1, TimeSpan.FromHours(1)));
        await using Flow flow = Flow.Start(new[] { 1 } | stage, new FlowOptions { Clock = clock });
        await clock.TimersArmedAsync(2);

        await Ended.SoonAsync(flow.StopAsync(drain: false));

        Assert.Equal(FlowState.Cancelled, flow.State);
        Assert.Equal(0, clock.ArmedTimers);
    }

    [Fact(Timeout = 30_000)]
    public async Task Neighbours_go_on_while_one_worker_waits_for_a_delay()
    {
        var clock = new ManualClock();
        var others = new CountdownEvent(9);
        int attempts = 0;
        Stage<int, int> stage = Stage.Map(
            (int item) =>
            {
                if (item == 0 && Interlocked.Increment(ref attempts) == 1) throw new TestFailureException("once");
                if (item != 0) others.Signal();
                return item;
            },
            workers: 2).With(batch: 1, onError: OnError.Retry(1, TimeSpan.FromSeconds(1)));
        List<int> sunk = [];
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10) | stage | Sink.ForEach<int>(sunk.Add), new FlowOptions { Clock = clock });

        await Eventually.TrueAsync(() => others.IsSet, () => $"{others.CurrentCount} items are still to be done.");
        Assert.Empty(sunk);
        await clock.TimersArmedAsync(2);
        clock.Advance(TimeSpan.FromSeconds(1));

        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(Enumerable.Range(0, 10), sunk);
    }

    [Fact]
    public void A_policy_puts_itself_in_words()
    {
        Assert.Equal("Stop", $"{OnError.Stop}");
        Assert.Equal("Retry(3), then Carry", $"{OnError.Retry(3, then: OnError.Carry)}");
    }

    // Every fifth item fails at first; all attempts are counted.
    private static Stage<int, int> FailsAtFirst(ConcurrentDictionary<int, int> calls, int times, bool asynchronous, int workers, int from = 0)
    {
        return asynchronous
            ? Stage.Map(async (int item, CancellationToken _) =>
            {
                await Task.Yield();
                return Work(item);
            }, workers)
            : Stage.Map((int item) => Work(item), workers);

        int Work(int item)
        {
            int attempt = calls.AddOrUpdate(item, 1, (_, before) => before + 1);
            return item % 5 == 0 && item >= from && attempt <= times ? throw new TestFailureException($"attempt {attempt}") : item;
        }
    }
}
