using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Flows;

/// <summary>While a flow is paused its sources pull nothing; what was pulled flows on, and nothing is lost.</summary>
public sealed class PauseTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_pulled_after_a_pause_and_nothing_is_lost_by_it(bool asynchronous)
    {
        var well = new Well();
        int sunk = 0;
        int outOfPlace = 0;
        await using Flow flow = Flow.Start(
            well.AsPipe(asynchronous)
            | Stage.Map((int item) => item, workers: 3)
            | Sink.ForEach<int>(item => outOfPlace += item == Interlocked.Increment(ref sunk) - 1 ? 0 : 1));

        for (int i = 0; i < Repeat.Times(20); i++)
        {
            int before = well.Pulled;
            await Eventually.TrueAsync(() => well.Pulled > before, () => "Nothing is pulled.");
            await flow.PauseAsync();
            int pulled = well.Pulled;
            await Eventually.TrueAsync(() => Volatile.Read(ref sunk) == well.Pulled, () => $"{sunk} of {well.Pulled} pulled items have come through.");
            Assert.Equal(pulled, well.Pulled);
            Assert.Equal(FlowState.Paused, flow.State);
            flow.Resume();
        }

        await Ended.SoonAsync(flow.StopAsync());
        Assert.Equal(well.Pulled, sunk);
        Assert.Equal(0, outOfPlace);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_in_the_middle_of_a_pull_keeps_its_item_and_pulls_no_other(bool asynchronous)
    {
        var well = new Well { WaitsBefore = 5, Count = 10 };
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(well.AsPipe(asynchronous) | Sink.ForEach<int>(sunk.Enqueue));

        await well.Waiting;
        await flow.PauseAsync();
        well.Release();
        await Eventually.TrueAsync(() => sunk.Count == 6, () => $"{sunk.Count} items have come through.");
        Assert.Equal(6, well.Pulled);

        flow.Resume();
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(Enumerable.Range(0, 10), sunk);
    }

    [Fact(Timeout = 30_000)]
    public async Task All_sources_of_all_pipes_pause()
    {
        Well[] wells = [new(), new(), new(), new()];
        await using Flow flow = Flow.Start(
            Pipe.Merge(wells[0].AsPipe(false), wells[1].AsPipe(true)),
            Pipe.Zip(wells[2].AsPipe(false), wells[3].AsPipe(true)));

        await Eventually.TrueAsync(() => Array.TrueForAll(wells, well => well.Pulled > 100), () => "Some source does not pull.");
        await flow.PauseAsync();
        int[] pulled = [.. wells.Select(well => well.Pulled)];
        await Eventually.TrueAsync(() => flow.Stats.Stages.All(stage => stage.Busy == 0), () => "Some stage is busy still.");
        Assert.Equal(pulled, wells.Select(well => well.Pulled));

        flow.Resume();
        await Eventually.TrueAsync(() => wells.Zip(pulled).All(both => both.First.Pulled > both.Second), () => "Some source does not go on.");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flow_may_end_while_it_is_paused()
    {
        var well = new Well { Count = 100 };
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var atGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(well.AsPipe(asynchronous: false) | Stage.Batch<int>(100) | Sink.ForEach<int[]>(async (_, _) =>
        {
            atGate.SetResult();
            await gate.Task;
        }));

        // The source has given its last item, and ended, before the pause.
        await atGate.Task;
        await Eventually.TrueAsync(() => flow.Stats["Source"].Out == 100, () => "The source has not ended.");
        await flow.PauseAsync();
        Assert.Equal(FlowState.Paused, flow.State);
        gate.SetResult();

        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(FlowState.Completed, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_ends_a_paused_flow()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false) | Stage.Map<int, int>(async item =>
        {
            inside.TrySetResult();
            await gate.Task;
            throw new TestFailureException("late");
        }));

        await inside.Task;
        await flow.PauseAsync();
        gate.SetResult();

        await Ended.FailedAsync(flow);
        Assert.Equal(FlowState.Failed, flow.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_array_is_not_pulled_from_while_the_flow_is_paused()
    {
        using var go = new SemaphoreSlim(0);
        int done = 0;
        await using Flow flow = Flow.Start(Enumerable.Range(0, 100_000).ToArray() | Stage.Map<int, int>(async (item, token) =>
        {
            await go.WaitAsync(token);
            Interlocked.Increment(ref done);
            return item;
        }).With(capacity: 1, batch: 1));
        await Eventually.TrueAsync(() => flow.Stats["Source"].Out > 10, () => "Nothing is pulled.");
        await flow.PauseAsync();
        long pulled = flow.Stats["Source"].Out;
        go.Release(1_000_000);
        await Eventually.TrueAsync(() => Volatile.Read(ref done) == pulled, () => $"{done} of {pulled} items are done.");
        Assert.Equal(pulled, flow.Stats["Source"].Out);
        flow.Resume();
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(100_000, done);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_beside_a_slower_branch_ends_a_paused_flow()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new Well { WaitsBefore = 3 };
        Pipe<int> fails = Enumerable.Range(0, 1_000) | Stage.Map<int, int>(async item =>
        {
            if (item < 10) return item;
            inside.TrySetResult();
            await gate.Task;
            throw new TestFailureException("late");
        });
        await using Flow flow = Flow.Start(Pipe.Zip(fails, slow.AsPipe(asynchronous: true)));
        await inside.Task;
        await slow.Waiting;
        await flow.PauseAsync();
        gate.SetResult();
        await Eventually.TrueAsync(() => flow.Stats["Map"].Failed == 1, () => "Nothing fails.");
        slow.Release();
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal("late", Assert.Single(error.Failures).Exception.Message);
    }
}
