using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Pipes;

/// <summary>A pipe used several times in one run is evaluated once, and every user gets all of its items.</summary>
public sealed class TeeTests
{
    private readonly ConcurrentQueue<RunEvent> events = [];
    private int pulled;
    private int mapped;

    private Pipe<int> Counted(int count) => Pull(count) | Stage.Map<int, int>(
        item =>
        {
            Interlocked.Increment(ref mapped);
            return item;
        },
        workers: 2);

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Diamonds_of_any_depth_evaluate_every_pipe_once(int depth)
    {
        Pipe<int> pipe = Counted(500);
        for (int i = 0; i < depth; i++)
        {
            pipe = Pipe.Zip(pipe | Stage.Map<int, int>(item => item, workers: 2), pipe | Stage.Filter<int>(_ => true))
                | Stage.Map<(int, int), int>(pair => pair.Item1 == pair.Item2 ? pair.Item1 : -1);
        }
        Assert.Equal(Enumerable.Range(0, 500), await pipe.ToListAsync());
        Assert.Equal((500, 500), (pulled, mapped));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Concats_of_a_pipe_with_itself_of_any_depth_do_not_wait_for_themselves(int depth)
    {
        Pipe<int> pipe = Counted(300);
        IEnumerable<int> expected = Enumerable.Range(0, 300);
        for (int i = 0; i < depth; i++)
        {
            pipe = Pipe.Concat(pipe, pipe);
            expected = expected.Concat(expected);
        }
        Assert.Equal(expected, await pipe.ToListAsync());
        Assert.Equal(300, pulled);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_branch_that_must_run_far_ahead_does()
    {
        Pipe<int> pipe = Counted(20_000);
        Pipe<int[]> batched = pipe | Stage.Batch<int>(20_000);
        Assert.Equal([(20_000, 0)], await (Pipe.Zip(batched, pipe, shortest: true) | Stage.Map<(int[], int), (int, int)>(pair => (pair.Item1.Length, pair.Item2))).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_branch_that_drops_everything_does_not_hold_back_the_other()
    {
        Pipe<int> pipe = Counted(20_000);
        Pipe<int> none = pipe | Stage.Filter<int>(_ => false);
        Assert.Equal(Enumerable.Range(0, 20_000), await Pipe.Concat(none, pipe).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 20_000), await Pipe.Concat(pipe, none).ToListAsync());
        Assert.Empty(await Pipe.Zip(none, pipe, shortest: true).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Nested_tees_that_must_all_run_ahead_do()
    {
        Pipe<int> pipe = Counted(6_000);
        Pipe<int> inner = Pipe.Concat(pipe | Stage.Filter<int>(item => item % 2 == 0), pipe);
        Pipe<int> outer = Pipe.Concat(inner | Stage.Batch<int>(100) | Stage.FlatMap<int[], int>(batch => batch), inner, pipe);
        Assert.Equal((9_000 * 2) + 6_000, await outer.CountAsync());
        Assert.Equal(6_000, pulled);
    }

    [Fact(Timeout = 60_000)]
    public async Task Zips_over_two_tees_each_of_which_must_run_ahead_for_the_other_do_not_wait_for_each_other()
    {
        // The branches of neither pipe meet downstream, and yet each zip can go on only when the other runs ahead.
        Pipe<int> p = Pull(20_000) | Stage.Map<int, int>(item => item);
        Pipe<int> q = Pull(20_000) | Stage.Map<int, int>(item => item);
        int first = 0;
        int second = 0;
        await using Flow flow = Flow.Start(
            Pipe.Zip(p | Stage.Batch<int>(10_000), q, shortest: true) | Sink.ForEach<(int[], int)>(_ => first++),
            Pipe.Zip(p, q | Stage.Batch<int>(10_000), shortest: true) | Sink.ForEach<(int, int[])>(_ => second++));
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal((2, 2), (first, second));
    }

    [Fact(Timeout = 30_000)]
    public async Task Users_of_a_pipe_go_at_the_pace_of_the_slowest()
    {
        using var go = new SemaphoreSlim(0);
        int fast = 0;
        Pipe<int> pipe = Pull(100_000) | Stage.Map<int, int>(item => item).With(capacity: 10, batch: 1);
        await using Flow flow = Flow.Start(
            pipe | Sink.ForEach<int>(async (_, token) => await go.WaitAsync(token)),
            pipe | Sink.ForEach<int>(_ => Interlocked.Increment(ref fast)));
        // The slow user has one item in hand and none done: the fast one gets what the slow one's buffer holds.
        await Eventually.TrueAsync(() => Volatile.Read(ref fast) > 0, () => "Nothing reached the fast user.");
        for (int i = 0; i < 1_000; i++) go.Release();
        await Eventually.TrueAsync(() => Volatile.Read(ref fast) >= 1_000, () => $"{fast} items reached the fast user.");
        Assert.InRange(Volatile.Read(ref fast), 1_000, 1_000 + 4_096);
        await flow.StopAsync(drain: false);
    }

    [Fact(Timeout = 30_000)]
    public async Task Buffering_beyond_the_bound_is_told_and_nothing_else_is()
    {
        Pipe<int> pipe = Pull(3_000) | Stage.Map<int, int>(item => item).With(capacity: 100).Named("shared");
        await using (Flow together = Flow.Start(Pipe.Zip(pipe, pipe) | Sink.None<(int, int)>(), new FlowOptions { Events = events.Enqueue }))
        {
            await Ended.SoonAsync(together.Completion);
        }
        Assert.Empty(events);

        await using Flow apart = Flow.Start(Pipe.Concat(pipe, pipe) | Sink.None<int>(), new FlowOptions { Events = events.Enqueue });
        await Ended.SoonAsync(apart.Completion);
        Assert.NotEmpty(events);
        Assert.All(events, told => Assert.Equal("shared", told.Stage));
        int[] sizes = [.. events.Cast<TeeBuffered>().Select(told => told.Buffered)];
        Assert.Equal(sizes.Order().Distinct(), sizes);
        Assert.True(sizes[0] > 100);
    }

    private IEnumerable<int> Pull(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Interlocked.Increment(ref pulled);
            yield return i;
        }
    }
}
