using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Errors;

/// <summary>OnError.Skip: the item is dropped, counted and told; the run goes on.</summary>
public sealed class SkipTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Failed_items_are_dropped_and_the_others_keep_their_order(int workers)
    {
        Pipe<int> pipe = Enumerable.Range(0, 2000) | FailsOnSevenths(workers);

        List<int> items = await pipe.ToListAsync();

        Assert.Equal(Enumerable.Range(0, 2000).Where(item => item % 7 != 0), items);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Skipped_items_are_counted_and_told(int workers)
    {
        var told = new ConcurrentQueue<RunEvent>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 70) | FailsOnSevenths(workers).Named("fragile") | Sink.None<int>(),
            new FlowOptions { Events = told.Enqueue });

        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
        StageStats stats = flow.Stats["fragile"];
        Assert.Equal((70, 60, 10, 10), (stats.In, stats.Out, stats.Failed, stats.Skipped));
        ItemFailure[] failures = [.. told.Cast<ItemSkipped>().Select(skipped => skipped.Failure).OrderBy(failure => failure.Number)];
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 7L), failures.Select(failure => failure.Number));
        Assert.All(failures, failure => Assert.Equal(("fragile", (object)(int)failure.Number), (failure.Stage, failure.Item)));
        Assert.All(failures, failure => Assert.IsType<TestFailureException>(failure.Exception));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_watched_pipe_tells_of_skipped_items_in_every_enumeration()
    {
        var told = new ConcurrentQueue<RunEvent>();
        IAsyncEnumerable<int> watched = (Enumerable.Range(0, 8) | FailsOnSevenths(1)).Watch(told.Enqueue);

        List<int> once = await watched.ToListAsync();
        List<int> again = await watched.ToListAsync();

        Assert.Equal([1, 2, 3, 4, 5, 6], once);
        Assert.Equal(once, again);
        Assert.Equal([0L, 7, 0, 7], told.Cast<ItemSkipped>().Select(skipped => skipped.Failure.Number));
        Assert.All(told, skipped => Assert.Equal("Map", skipped.Stage));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_listener_throws_changes_nothing()
    {
        IAsyncEnumerable<int> watched = (Enumerable.Range(0, 8) | FailsOnSevenths(1)).Watch(_ => throw new TestFailureException("listener"));

        Assert.Equal([1, 2, 3, 4, 5, 6], await watched.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_in_which_every_item_fails_ends_well_with_nothing()
    {
        Pipe<int> pipe = Enumerable.Range(0, 3000) | Stage.Map<int, int>(_ => throw new TestFailureException("always")).With(workers: 2, onError: OnError.Skip);

        Assert.Equal((false, 0), await pipe.TryExecuteAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task An_aggregate_is_made_of_the_items_that_went_well()
    {
        Pipe<int> pipe = Enumerable.Range(0, 15) | FailsOnSevenths(2) | Stage.Fold(0, (int sum, int item) => sum + item);

        Assert.Equal((15 * 14 / 2) - 7 - 14, await pipe.ExecuteAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_flat_map_gave_before_it_failed_has_gone_on()
    {
        Pipe<string> pipe = new[] { "a", "b" } | Stage.FlatMap<string, string>(TwoButFailsOnB).With(onError: OnError.Skip);

        Assert.Equal(["a1", "a2", "b1"], await pipe.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task With_retries_a_flat_map_that_fails_gives_nothing_of_its_item()
    {
        Pipe<string> pipe = new[] { "a", "b", "c" } | Stage.FlatMap<string, string>(TwoButFailsOnB).With(onError: OnError.Retry(2, then: OnError.Skip));

        Assert.Equal(["a1", "a2", "c1", "c2"], await pipe.ToListAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_skipped_part_takes_its_whole_item_with_it(int workers)
    {
        Pipe<int[]> pipe = new[] { 10, 20, 30 }
            | Stage.Scatter((int item) => Enumerable.Range(item, 3))
            | Stage.Map((int part) => part == 21 ? throw new TestFailureException("part") : part, workers).With(onError: OnError.Skip)
            | Stage.Gather<int>();

        Assert.Equal([[10, 11, 12], [30, 31, 32]], await pipe.ToListAsync());
    }

    private static Stage<int, int> FailsOnSevenths(int workers) =>
        Stage.Map((int item) => item % 7 == 0 ? throw new TestFailureException("a seventh") : item, workers).With(onError: OnError.Skip);

    private static IEnumerable<string> TwoButFailsOnB(string item)
    {
        yield return item + "1";
        yield return item == "b" ? throw new TestFailureException("half-way") : item + "2";
    }
}
