using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Errors;

/// <summary>Whatever of the author's code fails, the run ends with an exception that names its stage.</summary>
public sealed class BodyFailureTests
{
    public static TheoryData<string> Names { get; } = [.. Failing.Keys];

    private static Dictionary<string, Stage<int, int>> Failing => new(StringComparer.Ordinal)
    {
        ["filter"] = Stage.Filter((int item) => Fails(item)),
        ["flat map"] = Stage.FlatMap((int item) => Enumerable.Repeat(item, Fails(item) ? 1 : 0)),
        ["flat map's sequence"] = Stage.FlatMap<int, int>(FailingItems),
        ["flat map's asynchronous sequence"] = Stage.FlatMap<int, int>((item, token) => FailingItemsAsync(item, token)),
        ["tap"] = Stage.Tap<int>(item => Fails(item)),
        ["asynchronous tap"] = Stage.Tap<int>(async (item, _) =>
        {
            await Task.Yield();
            Fails(item);
        }),
        ["map that throws before its task"] = Stage.Map<int, int>((int item) => Fails(item) ? Task.FromResult(item) : Task.FromResult(0)),
        ["fold"] = Stage.Fold(0, (int sum, int item) => Fails(item) ? sum + item : 0),
        ["distinct"] = Stage.Distinct<int>(EqualityComparer<int>.Create((one, other) => one == other, item => Fails(item) ? item : 0)),
        ["stream"] = Stage.Of<int, int>((items, token) => StreamAsync(items, token)),
        ["blocking stream"] = Stage.Of((IEnumerable<int> items) => items.Where(Fails)),
        ["shared blocking stream"] = Stage.Of((IEnumerable<int> items) => items.Where(Fails), workers: 2),
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Names))]
    public async Task Its_stage_is_named_and_an_endless_source_ends(string name)
    {
        Pipe<int> pipe = Endless() | Failing[name].Named(name);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.All(error.Failures, failure => Assert.Equal(name, failure.Stage));
        Assert.Equal("item 300", error.InnerException!.Message);
        Assert.DoesNotContain(300, items);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stage_whose_seed_can_t_be_made_fails_the_run()
    {
        Pipe<int> pipe = Endless() | Stage.Fold<int, int>(() => throw new TestFailureException("seed"), (sum, item) => sum + item).Named("total");

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await pipe.ExecuteAsync());

        Assert.Equal("LEAT0001: The run failed: stage 'total' failed: TestFailureException: seed", error.Message);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Workers_whose_states_can_t_be_made_fail_the_run(int workers)
    {
        Pipe<int> pipe = Endless() | Stage.Map<IDisposable, int, int>(() => throw new TestFailureException("state"), (_, item) => item, workers).Named("stateful");

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Empty(items);
        Assert.All(error.Failures, failure => Assert.Equal(("stateful", -1, "state"), (failure.Stage, failure.Number, failure.Exception.Message)));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_worker_whose_state_can_t_be_made_fails_the_run_of_all()
    {
        int made = 0;
        Pipe<int> pipe = Endless() | Stage.Map(
            () => Interlocked.Increment(ref made) == 2 ? throw new TestFailureException("state") : new object(),
            (object _, int item) => item,
            workers: 3);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal("state", Assert.Single(error.Failures).Exception.Message);
        Assert.Equal(Enumerable.Range(0, items.Count), items);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_state_that_can_t_be_disposed_fails_the_run_behind_all_results(int workers)
    {
        Pipe<int> pipe = Enumerable.Range(0, 100) | Stage.Map(() => new Undisposable(), (Undisposable _, int item) => item, workers).Named("stateful");

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, 100), items);
        Assert.Equal(workers, error.Failures.Count);
        Assert.All(error.Failures, failure => Assert.Equal("stage 'stateful' failed: TestFailureException: dispose", failure.ToString()));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_split_that_fails_fails_the_run_behind_the_whole_items()
    {
        Pipe<int[]> pipe = Enumerable.Range(0, 10)
            | Stage.Scatter((int item) => item == 4 ? throw new TestFailureException("split") : Enumerable.Range(item, 2))
            | Stage.Map((int part) => part, workers: 3)
            | Stage.Gather<int>();

        (List<int[]> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal([[0, 1], [1, 2], [2, 3], [3, 4]], items);
        Assert.Equal("LEAT0001: The run failed: stage 'Scatter' failed on item 4 (4): TestFailureException: split", error.Message);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sink_that_fails_is_named_with_the_item(bool asynchronous)
    {
        List<int> sunk = [];
        Sink<int> sink = asynchronous
            ? Sink.ForEach<int>(async (item, _) =>
            {
                await Task.Yield();
                Take(item);
            })
            : Sink.ForEach<int>(Take);
        await using Flow flow = Flow.Start(Endless() | Stage.Map((int item) => item, workers: 2) | sink);

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal(Enumerable.Range(0, 300), sunk);
        Assert.Equal("LEAT0001: The run failed: stage 'ForEach' failed on item 300 (300): TestFailureException: item 300", error.Message);
        Assert.Equal(1, flow.Stats["ForEach"].Failed);

        void Take(int item)
        {
            Fails(item);
            sunk.Add(item);
        }
    }

    private static bool Fails(int item) => item == 300 ? throw new TestFailureException($"item {item}") : true;

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }

    private static IEnumerable<int> FailingItems(int item)
    {
        if (Fails(item)) yield return item;
    }

    private static async IAsyncEnumerable<int> FailingItemsAsync(int item, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        if (Fails(item)) yield return item;
    }

    private static async IAsyncEnumerable<int> StreamAsync(IAsyncEnumerable<int> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (int item in items.WithCancellation(cancellationToken))
        {
            if (Fails(item)) yield return item;
        }
    }

    private sealed class Undisposable : IDisposable
    {
        public void Dispose() => throw new TestFailureException("dispose");
    }
}
