using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Timeouts;

/// <summary>An item that takes too long fails; a body that does not return is left behind, replaced, counted and told.</summary>
public sealed class TimeoutTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(2);

    public enum Body
    {
        SyncWithoutToken,
        SyncIgnoringToken,
        AsyncWithoutToken,
        AsyncIgnoringToken,
        Stateful,
        FlatMap,
    }

    public static MatrixTheoryData<Body, int> Ignorant { get; } = new(Enum.GetValues<Body>(), [1, 3]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Ignorant))]
    public async Task A_body_that_ignores_it_is_left_behind_and_replaced(Body body, int workers)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var told = new ConcurrentQueue<RunEvent>();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10)
            | StageOf(body, stuck, item => item is 3 or 4).With(workers: workers, timeout: Limit, onError: OnError.Skip).Named("slow")
            | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock, Events = told.Enqueue });

        await LetExpireAsync(flow, stuck, clock, entered: workers == 1 ? 1 : 2, others: workers == 1 ? 3 : 8);
        if (workers == 1) await LetExpireAsync(flow, stuck, clock, entered: 2, others: 4);
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal([0, 1, 2, 5, 6, 7, 8, 9], sunk);
        StageStats stats = flow.Stats["slow"];
        Assert.Equal((10, 8, 2, 2, 2), (stats.In, stats.Out, stats.Failed, stats.Skipped, stats.Abandoned));
        Assert.Equal(workers, stats.Workers);
        Assert.Equal(["slow", "slow"], told.OfType<BodyAbandoned>().Select(abandoned => abandoned.Stage));
        ItemFailure[] failures = [.. told.OfType<ItemSkipped>().Select(skipped => skipped.Failure).OrderBy(failure => failure.Number)];
        Assert.Equal([3L, 4], failures.Select(failure => failure.Number));
        Assert.All(failures, failure => Assert.Equal(
            "LEAT0003: The stage 'slow' took longer than its timeout of 4 s on one item. Raise the timeout, or look at what the body waits for.",
            Assert.IsType<TimeoutException>(failure.Exception).Message));
        Assert.Equal(0, stuck.Returned);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Ignorant))]
    public async Task What_a_late_body_gives_is_of_no_account(Body body, int workers)
    {
        using var stuck = new Stuck();
        using var rest = new SemaphoreSlim(0);
        var clock = new ManualClock();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            ItemsAsync(rest) | StageOf(body, stuck, item => item == 3).With(workers: workers, timeout: Limit, onError: OnError.Skip) | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock });

        await LetExpireAsync(flow, stuck, clock, entered: 1, others: 3);
        stuck.Release();
        await stuck.ReturnedAsync(1);
        rest.Release();
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9], sunk);
        StageStats stats = flow.Stats.Stages[1];
        Assert.Equal((10, 9, 1, 1), (stats.In, stats.Out, stats.Failed, stats.Abandoned));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_body_that_obeys_its_token_is_not_left_behind(int workers)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var told = new ConcurrentQueue<RunEvent>();
        Stage<int, int> stage = Stage.Map<int, int>(async (item, token) =>
        {
            if (item is 3 or 4) await stuck.WaitAsync(token);
            return item;
        });
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10) | stage.With(workers: workers, timeout: Limit, onError: OnError.Skip),
            new FlowOptions { Clock = clock, Events = told.Enqueue });

        await LetExpireAsync(flow, stuck, clock, entered: workers == 1 ? 1 : 2, others: workers == 1 ? 3 : 8, grace: TimeSpan.Zero);
        if (workers == 1) await LetExpireAsync(flow, stuck, clock, entered: 2, others: 4, grace: TimeSpan.Zero);
        await Ended.SoonAsync(flow.Completion);

        StageStats stats = flow.Stats.Stages[1];
        Assert.Equal((10, 8, 2, 2, 0), (stats.In, stats.Out, stats.Failed, stats.Skipped, stats.Abandoned));
        Assert.Equal(2, told.Count);
        Assert.All(told.Cast<ItemSkipped>(), skipped => Assert.IsType<TimeoutException>(skipped.Failure.Exception));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_that_takes_a_token_has_a_moment_to_react()
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var told = new ConcurrentQueue<RunEvent>();
        Stage<int, int> stage = Stage.Map<int, int>(async (item, _) =>
        {
            await stuck.WaitAsync(CancellationToken.None);
            return item;
        });
        await using Flow flow = Flow.Start(new[] { 1 } | stage.With(timeout: Limit, onError: OnError.Skip), new FlowOptions { Clock = clock, Events = told.Enqueue });

        await stuck.EnteredAsync(1);
        clock.Advance(Limit + Grace - Beat);
        Assert.Empty(told);
        stuck.Release();
        await Ended.SoonAsync(flow.Completion);

        // It came back, but too late: the item has failed all the same.
        Assert.IsType<TimeoutException>(Assert.IsType<ItemSkipped>(Assert.Single(told)).Failure.Exception);
        Assert.Equal((0, 1, 0), (flow.Stats["Map"].Out, flow.Stats["Map"].Failed, flow.Stats["Map"].Abandoned));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Ignorant))]
    public async Task A_body_that_returns_in_time_is_let_be(Body body, int workers)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10) | StageOf(body, stuck, item => item == 3).With(workers: workers, timeout: Limit) | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock });

        await stuck.EnteredAsync(1);
        clock.Advance(Limit - Beat);
        stuck.Release();
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal(Enumerable.Range(0, 10), sunk);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Ignorant))]
    public async Task By_default_the_run_stops_behind_the_results_before_the_item(Body body, int workers)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 301) | StageOf(body, stuck, item => item == 300).With(workers: workers, timeout: Limit).Named("slow") | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock });

        await LetExpireAsync(flow, stuck, clock, entered: 1, others: 300);
        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal(Enumerable.Range(0, 300), sunk);
        ItemFailure failure = Assert.Single(error.Failures);
        Assert.Equal(("slow", 300, (object)300), (failure.Stage, failure.Number, failure.Item));
        Assert.IsType<TimeoutException>(error.InnerException);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Ignorant))]
    public async Task Every_retry_has_the_whole_time_and_the_last_failure_is_carried(Body body, int workers)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var told = new ConcurrentQueue<RunEvent>();
        var failures = new ConcurrentQueue<ItemFailure>();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 6)
            | StageOf(body, stuck, item => item == 3).With(workers: workers, timeout: Limit, onError: OnError.Retry(2, then: OnError.Carry)).Named("slow")
            | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock, Events = told.Enqueue });

        for (int attempt = 1; attempt <= 3; attempt++) await LetExpireAsync(flow, stuck, clock, entered: attempt, others: workers == 1 ? 3 : 5);
        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal([0, 1, 2, 4, 5], sunk);
        Assert.Equal((3L, 3), (Assert.Single(error.Failures).Number, error.Failures[0].Attempts));
        Assert.IsType<TimeoutException>(error.InnerException);
        Assert.Equal([1, 2], told.OfType<ItemRetried>().Select(retried => retried.Failure.Attempts));
        Assert.Equal(3, told.OfType<BodyAbandoned>().Count());
        StageStats stats = flow.Stats["slow"];
        // A carried failure is given out in the place of its item.
        Assert.Equal((6, 6, 1, 0, 3), (stats.In, stats.Out, stats.Failed, stats.Skipped, stats.Abandoned));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_retry_may_succeed_where_the_first_attempt_was_left_behind()
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var sunk = new ConcurrentQueue<int>();
        Stage<int, int> stage = StageOf(Body.SyncWithoutToken, stuck, item => item == 3 && stuck.Entered == 0);
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 6) | stage.With(workers: 3, timeout: Limit, onError: OnError.Retry(1)) | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock });

        await LetExpireAsync(flow, stuck, clock, entered: 1, others: 5);
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal(Enumerable.Range(0, 6), sunk);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_by_timeout_stands_in_its_item_s_place_under_the_system_s_clock()
    {
        using var stuck = new Stuck();
        Pipe<int> pipe = Enumerable.Range(0, 10)
            | StageOf(Body.SyncWithoutToken, stuck, item => item == 3).With(workers: 3, timeout: TimeSpan.FromSeconds(0.5), onError: OnError.Carry);

        List<Outcome<int>> outcomes = await pipe.Outcomes().ToListAsync();

        Assert.Equal(Enumerable.Range(0, 10).Select(i => i != 3), outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal(3L, outcomes[3].Failure!.Number);
        Assert.IsType<TimeoutException>(outcomes[3].Failure!.Exception);
    }

    // The clock moves only when all others that can be done are done: it would be over for them as well.
    private static async Task LetExpireAsync(Flow flow, Stuck stuck, ManualClock clock, int entered, int others, TimeSpan? grace = null)
    {
        await stuck.EnteredAsync(entered);
        await Eventually.TrueAsync(() => flow.Stats.Stages[1].In == others, () => $"{flow.Stats.Stages[1].In} of {others} other items are done.");
        clock.Advance(Limit + (grace ?? Grace) + Beat);
    }

    private static Stage<int, int> StageOf(Body body, Stuck stuck, Func<int, bool> isStuck)
    {
        return body switch
        {
            Body.SyncWithoutToken => Stage.Map((int item) => Block(item)),
            Body.SyncIgnoringToken => Stage.Map((int item, CancellationToken _) => Block(item)),
            Body.AsyncWithoutToken => Stage.Map<int, int>((int item) => WaitAsync(item)),
            Body.AsyncIgnoringToken => Stage.Map<int, int>((int item, CancellationToken _) => WaitAsync(item)),
            Body.Stateful => Stage.Map(() => new object(), (object _, int item) => Block(item)),
            Body.FlatMap => Stage.FlatMap<int, int>(One),
            _ => throw new ArgumentOutOfRangeException(nameof(body)),
        };

        int Block(int item)
        {
            if (isStuck(item)) stuck.Block();
            return item;
        }

        async Task<int> WaitAsync(int item)
        {
            if (isStuck(item)) await stuck.WaitAsync();
            return item;
        }

        IEnumerable<int> One(int item)
        {
            yield return item;
            Block(item);
        }
    }

    private static async IAsyncEnumerable<int> ItemsAsync(SemaphoreSlim rest)
    {
        for (int i = 0; i < 10; i++)
        {
            if (i == 4) await rest.WaitAsync(CancellationToken.None);
            yield return i;
        }
    }
}
