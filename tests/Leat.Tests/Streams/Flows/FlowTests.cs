using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Flows;

/// <summary>Pipes as runs: several as one, one several times, and a very long one.</summary>
public sealed class FlowTests
{
    [Fact(Timeout = 30_000)]
    public async Task Pipes_that_share_a_pipe_get_the_items_of_one_evaluation()
    {
        int calls = 0;
        Pipe<int> shared = Enumerable.Range(0, 1000) | Stage.Map((int item) =>
        {
            Interlocked.Increment(ref calls);
            return item;
        }, workers: 2);
        var sunk = new List<int>[] { [], [], [] };
        await using Flow flow = Flow.Start(
            shared | Sink.ForEach<int>(sunk[0].Add),
            shared | Stage.Map((int item) => -item) | Sink.ForEach<int>(sunk[1].Add),
            shared | Stage.Filter((int item) => item > 990) | Sink.ForEach<int>(sunk[2].Add));

        await flow.Completion;

        Assert.Equal(1000, calls);
        Assert.Equal(Enumerable.Range(0, 1000), sunk[0]);
        Assert.Equal(Enumerable.Range(0, 1000).Select(item => -item), sunk[1]);
        Assert.Equal(Enumerable.Range(991, 9), sunk[2]);
    }

    [Fact(Timeout = 30_000)]
    public async Task Pipes_that_share_nothing_run_side_by_side()
    {
        using var together = new Barrier(2);
        Stage<int, int> meet = Stage.Map((int item) =>
        {
            together.SignalAndWait(CancellationToken.None);
            return item;
        });
        await using Flow flow = Flow.Start(Enumerable.Range(0, 5) | meet, Enumerable.Range(0, 5) | meet);

        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_branch_that_has_enough_leaves_the_others_going()
    {
        var told = new ConcurrentQueue<RunEvent>();
        Pipe<int> shared = Source.From(Enumerable.Range(0, 10_000), "shared");
        int sunk = 0;
        await using Flow flow = Flow.Start(
            [shared | Stage.Take<int>(3), shared | Sink.ForEach<int>(_ => sunk++)],
            new FlowOptions { Events = told.Enqueue });

        await flow.Completion;

        Assert.Equal(10_000, sunk);
        Assert.Equal("shared", Assert.Single(told.OfType<BranchDetached>()).Stage);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_closed_pipe_runs_as_often_as_it_is_started()
    {
        var sunk = new ConcurrentQueue<int>();
        Pipe pipe = Enumerable.Range(0, 100) | Stage.Map((int item) => item, workers: 2) | Stage.Fold(0, (int sum, int item) => sum + item) | Sink.ForEach<int>(sunk.Enqueue);

        await using Flow first = Flow.Start(pipe);
        await first.Completion;
        await using Flow second = Flow.Start(pipe);
        await using Flow third = Flow.Start(pipe);
        await Task.WhenAll(second.Completion, third.Completion);

        Assert.Equal([4950, 4950, 4950], sunk);
        Assert.Equal(100, third.Stats["Map"].In);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_closed_pipe_given_twice_to_one_flow_is_one()
    {
        var sunk = new ConcurrentQueue<int>();
        Pipe pipe = Enumerable.Range(0, 10) | Stage.Map((int item) => item) | Sink.ForEach<int>(sunk.Enqueue);

        await using Flow flow = Flow.Start(pipe, pipe);
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal(Enumerable.Range(0, 10), sunk);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chain_of_ten_thousand_stages_builds_draws_and_runs()
    {
        Stage<int, int> step = Stage.Map((int item) => item + 1);
        Pipe<int> pipe = Source.From(Enumerable.Range(0, 5));
        for (int i = 0; i < 10_000; i++) pipe |= step;
        var sunk = new List<int>();

        await using Flow flow = Flow.Start(pipe | Sink.ForEach<int>(sunk.Add));
        await Ended.SoonAsync(flow.Completion, seconds: 50);

        Assert.Equal(Enumerable.Range(10_000, 5), sunk);
        Assert.Equal(10_002, flow.Stats.Stages.Count);
        Assert.Equal(10_001, flow.ToMermaid().Split('\n').Count(line => line.Contains("-->", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_chain_of_ten_thousand_stages_fails_and_is_cancelled_like_any_other()
    {
        Stage<int, int> step = Stage.Map((int item) => item);
        Pipe<int> start = new Well().AsPipe(asynchronous: false);
        for (int i = 0; i < 5_000; i++) start |= step;
        Pipe<int> failing = start | Stage.Map((int item) => item == 10 ? throw new TestFailureException("here") : item);
        for (int i = 0; i < 5_000; i++)
        {
            start |= step;
            failing |= step;
        }

        await using Flow flow = Flow.Start(failing);
        await Ended.SoonAsync(flow.Completion, seconds: 25);
        Assert.Equal(FlowState.Failed, flow.State);

        await using Flow endless = Flow.Start(start);
        await Ended.SoonAsync(endless.StopAsync(drain: false), seconds: 25);
        Assert.Equal(FlowState.Cancelled, endless.State);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_chain_of_thirty_thousand_stages_ends_early_without_a_deep_stack()
    {
        Stage<int, int> step = Stage.Map((int item) => item);
        Pipe<int> pipe = new Well().AsPipe(asynchronous: false);
        for (int i = 0; i < 30_000; i++) pipe |= step;

        await using Flow flow = Flow.Start(pipe | Stage.Take<int>(3));
        await Ended.SoonAsync(flow.Completion, seconds: 100);

        Assert.Equal(FlowState.Completed, flow.State);
    }
}
