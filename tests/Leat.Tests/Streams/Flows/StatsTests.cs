namespace Leat.Tests.Streams.Flows;

/// <summary>What a flow counts: exact when it has ended.</summary>
public sealed class StatsTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task At_the_end_every_count_is_exact(int workers)
    {
        Pipe<int> numbers = Source.From(Enumerable.Range(0, 10_000), "numbers");
        Pipe<int> even = numbers | Stage.Filter((int item) => item % 2 == 0, workers).Named("even");
        Pipe<int> twice = even | Stage.FlatMap((int item) => Enumerable.Repeat(item, 2), workers).Named("twice");
        Pipe<int> picky = twice | Stage.Map((int item) => item < 100 ? throw new TestFailureException("small") : item, workers).With(onError: OnError.Skip).Named("picky");
        Pipe<int[]> batches = picky | Stage.Batch<int>(1000);
        Pipe<int> stream = numbers | Stage.Of((IEnumerable<int> items) => items.Take(7)).Named("stream");
        await using Flow flow = Flow.Start(batches | Sink.ForEach<int[]>(_ => { }), stream | Sink.None<int>());

        await flow.Completion;

        Assert.Equal((0L, 10_000L, 1), Counts(flow, "numbers"));
        Assert.Equal((10_000L, 5_000L, workers), Counts(flow, "even"));
        Assert.Equal((5_000L, 10_000L, workers), Counts(flow, "twice"));
        Assert.Equal((10_000L, 9_900L, workers), Counts(flow, "picky"));
        Assert.Equal((100, 100), (flow.Stats["picky"].Failed, flow.Stats["picky"].Skipped));
        Assert.Equal((9_900L, 10L, 1), Counts(flow, "Batch"));
        Assert.Equal((10L, 0L, 1), Counts(flow, "ForEach"));
        Assert.Equal(7, flow.Stats["stream"].Out);
        Assert.Equal((7L, 0L, 1), Counts(flow, "None"));
        Assert.All(flow.Stats.Stages, stage => Assert.Equal((0, 0, 0), (stage.Queued, stage.Busy, stage.Abandoned)));
        Assert.Equal(["numbers", "even", "twice", "picky", "Batch", "ForEach", "stream", "None"], flow.Stats.Stages.Select(stage => stage.Name));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Joints_and_scattered_parts_are_counted_too(int workers)
    {
        Pipe<int> items = Source.From(Enumerable.Range(0, 500));
        Pipe<int> other = items
            | Stage.Scatter((int item) => Enumerable.Range(item, item % 3))
            | Stage.Map((int part) => part, workers).Named("part")
            | Stage.Gather<int, int>(parts => parts.Count);
        await using Flow flow = Flow.Start(Pipe.Zip(items, other), Pipe.Concat(items, other), Pipe.Merge(items, other));

        await flow.Completion;

        // An item without parts travels as one that is empty.
        Assert.Equal((500L, 666L, 1), Counts(flow, "Scatter"));
        Assert.Equal((666L, 666L, workers), Counts(flow, "part"));
        Assert.Equal((666L, 500L, 1), Counts(flow, "Gather"));
        Assert.Equal((500L, 500L, 1), Counts(flow, "Zip"));
        Assert.Equal((1000L, 1000L), (flow.Stats["Concat"].In, flow.Stats["Concat"].Out));
        Assert.Equal((1000L, 1000L), (flow.Stats["Merge"].In, flow.Stats["Merge"].Out));
    }

    [Fact(Timeout = 30_000)]
    public async Task Stages_of_one_name_are_numbered()
    {
        Stage<int, int> stage = Stage.Map((int item) => item);
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10) | stage | stage | stage.Named("own"));
        await flow.Completion;

        Assert.Equal(["Source", "Map", "Map #2", "own", "None"], flow.Stats.Stages.Select(s => s.Name));
        KeyNotFoundException error = Assert.Throws<KeyNotFoundException>(() => flow.Stats["map"]);
        Assert.Equal("LEAT0030: The flow has no stage 'map'. It has: Source, Map, Map #2, own, None.", error.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task Times_are_those_of_the_flow_s_clock_up_to_its_end()
    {
        var clock = new ManualClock();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 50) | Stage.Map<int, int>(async item =>
            {
                await gate.Task;
                return item;
            }).Named("slow"),
            new FlowOptions { Clock = clock });

        Assert.Equal(TimeSpan.Zero, flow.Stats.Elapsed);
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(10), flow.Stats.Elapsed);
        gate.SetResult();
        await flow.Completion;
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(TimeSpan.FromSeconds(10), flow.Stats.Elapsed);
        Assert.Equal(5, flow.Stats["Source"].Rate);
        Assert.Equal(5, flow.Stats["slow"].Rate);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stage_at_work_shows_its_busy_workers_and_what_waits_for_the_next()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int entered = 0;
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 100)
            | Stage.Map((int item) => item).With(capacity: 7).Named("fast")
            | Stage.Map<int, int>(async item =>
            {
                Interlocked.Increment(ref entered);
                await gate.Task;
                return item;
            }).With(workers: 3, batch: 1).Named("slow"));

        await Eventually.TrueAsync(() => entered == 3 && flow.Stats["fast"].Queued > 3, () => $"{flow.Stats["fast"].Queued} items wait.");
        Assert.InRange(flow.Stats["fast"].Queued, 1, 8);
        Assert.Equal((3, 3), (flow.Stats["slow"].Busy, flow.Stats["slow"].Workers));
        gate.SetResult();
        await flow.Completion;

        Assert.Equal(0, flow.Stats["slow"].Busy);
        Assert.True(flow.Stats["slow"].MeanTime > TimeSpan.Zero);
        Assert.True(flow.Stats["slow"].Percentile95 > TimeSpan.Zero);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_long_item_gives_is_counted_while_it_goes_on()
    {
        static IEnumerable<int> Endless(int item)
        {
            while (true) yield return item;
        }

        await using Flow flow = Flow.Start(new[] { 1 } | Stage.FlatMap<int, int>(Endless).Named("many") | Sink.None<int>());
        for (int i = 0; i < 3; i++)
        {
            long before = flow.Stats["many"].Out;
            await Eventually.TrueAsync(() => flow.Stats["many"].Out > before, () => $"The count stands still at {before}.");
        }
    }

    private static (long In, long Out, int Workers) Counts(Flow flow, string stage)
    {
        StageStats stats = flow.Stats[stage];
        return (stats.In, stats.Out, stats.Workers);
    }
}
