namespace Leat.Tests.Streams.Errors;

/// <summary>OnError.Stop, the default: what came before the failed item is delivered, and then one exception tells all.</summary>
public sealed class StopTests
{
    public enum Body
    {
        Sync,
        SyncToken,
        Async,
        Stateful,
        Filter,
        FlatMap,
    }

    public static MatrixTheoryData<Body, int, int?, int> All { get; } = new(Enum.GetValues<Body>(), [1, 3], [null, 1], [0, 1, 300, 999]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task Results_before_the_failed_item_come_in_order_and_no_others(Body body, int workers, int? batch, int failsAt)
    {
        Stage<int, int> stage = StageOf(body, item => item == failsAt ? throw new TestFailureException("here") : item);
        Pipe<int> pipe = Enumerable.Range(0, 1000) | stage.With(workers: workers, batch: batch);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, failsAt), items);
        ItemFailure failure = Assert.Single(error.Failures);
        Assert.Equal((failsAt, (object)failsAt, 1), (failure.Number, failure.Item, failure.Attempts));
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task The_first_of_many_failed_items_is_where_the_results_end(Body body, int workers, int? batch, int failsFrom)
    {
        Stage<int, int> stage = StageOf(body, item => item >= failsFrom ? throw new TestFailureException("here") : item);
        Pipe<int> pipe = Enumerable.Range(0, 1000) | stage.With(workers: workers, batch: batch);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, failsFrom), items);
        Assert.Contains(error.Failures, failure => failure.Number == failsFrom);
        Assert.All(error.Failures, failure => Assert.InRange(failure.Number, failsFrom, 999));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Results_before_the_failed_item_pass_the_stages_behind_it(int workers)
    {
        Stage<int, int> failing = Stage.Map((int item) => item == 500 ? throw new TestFailureException("here") : item, workers);
        Pipe<int> pipe = Enumerable.Range(0, 1000) | failing | Stage.Map((int item) => -item, workers) | Stage.Filter((int _) => true, workers);

        (List<int> items, _) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, 500).Select(item => -item), items);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_endless_source_ends_with_the_failure(int workers)
    {
        Pipe<int> pipe = Endless() | Stage.Map((int item) => item == 5000 ? throw new TestFailureException("here") : item, workers);

        (List<int> items, _) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, 5000), items);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_slow_consumer_gets_all_results_before_the_failed_item()
    {
        Pipe<int> pipe = Enumerable.Range(0, 1000) | Stage.Map((int item) => item == 900 ? throw new TestFailureException("here") : item, workers: 2).With(capacity: 1);
        List<int> items = [];

        await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int item in pipe)
            {
                if (item % 10 == 0) await Task.Yield();
                items.Add(item);
            }
        });

        Assert.Equal(Enumerable.Range(0, 900), items);
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_order_nothing_is_delivered_twice_and_the_failed_item_never()
    {
        Pipe<int> pipe = Enumerable.Range(0, 1000) | Stage.Map((int item) => item == 500 ? throw new TestFailureException("here") : item, workers: 4).With(ordered: false);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(items.Count, items.Distinct().Count());
        Assert.DoesNotContain(500, items);
        Assert.Equal(500, Assert.Single(error.Failures).Item);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_blocking_enumeration_gives_and_throws_the_same()
    {
        Pipe<int> pipe = Enumerable.Range(0, 10) | Stage.Map((int item) => item == 4 ? throw new TestFailureException("here") : item);
        List<int> items = [];

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => Task.Run(() =>
        {
            foreach (int item in pipe.Results()) items.Add(item);
        }));

        Assert.Equal(4, Assert.Single(error.Failures).Number);
        Assert.Equal([0, 1, 2, 3], items);
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }

    private static Stage<int, int> StageOf(Body body, Func<int, int> work) => body switch
    {
        Body.Sync => Stage.Map(work),
        Body.SyncToken => Stage.Map((int item, CancellationToken _) => work(item)),
        Body.Async => Stage.Map(async (int item, CancellationToken _) =>
        {
            if (item % 3 == 0) await Task.Yield();
            return work(item);
        }),
        Body.Stateful => Stage.Map(() => new object(), (object _, int item) => work(item)),
        Body.Filter => Stage.Filter((int item) => work(item) == item),
        Body.FlatMap => Stage.FlatMap((int item) => Enumerable.Repeat(work(item), 1)),
        _ => throw new ArgumentOutOfRangeException(nameof(body)),
    };

    [Fact(Timeout = 30_000)]
    public async Task What_the_other_workers_of_an_unordered_stage_have_done_is_delivered()
    {
        using var done = new CountdownEvent(60);
        Stage<int, int> stage = Stage.Map<int, int>(
            item =>
            {
                if (item == 0)
                {
                    done.Wait(CancellationToken.None);
                    throw new TestFailureException("first");
                }

                if (item <= 60) done.Signal();
                return item;
            },
            workers: 2).With(ordered: false, batch: 30, capacity: 100);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(Enumerable.Range(0, 100_000) | stage);

        Assert.Equal("first", error.Failures[0].Exception.Message);
        Assert.Superset(Enumerable.Range(1, 60).ToHashSet(), items.ToHashSet());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_that_is_no_item_s_ends_all_workers_at_once(bool overStream)
    {
        int instances = 0;
        int pulled = 0;
        IEnumerable<int> Endless()
        {
            while (true) yield return Interlocked.Increment(ref pulled);
        }

        int NewState() => Interlocked.Increment(ref instances) == 2 ? throw new TestFailureException("second") : 0;
        Stage<int, int> stage = overStream
            ? Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Skip(NewState()), workers: 3)
            : Stage.Map<int, int, int>(create: NewState, body: (_, item) => item, workers: 3);
        // Under a clock that stands, nobody is cancelled for taking too long to end.
        await using Flow flow = Flow.Start(Endless() | stage, new FlowOptions { Clock = new ManualClock() });

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal("second", error.Failures[0].Exception.Message);
    }
}
