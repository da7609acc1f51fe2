namespace Leat.Tests.Streams.Flows;

/// <summary>The states of a flow, and the moves between them that there are not.</summary>
public sealed class StateTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_flow_runs_pauses_resumes_drains_and_completes()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var atGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false) | Sink.ForEach<int>(async (_, _) =>
        {
            atGate.TrySetResult();
            await gate.Task;
        }));
        await atGate.Task;

        Assert.Equal(FlowState.Running, flow.State);
        AssertNotResumable(flow, "running");
        await flow.PauseAsync();
        Assert.Equal(FlowState.Paused, flow.State);
        await AssertNotPausableAsync(flow, "paused already");
        flow.Resume();
        Assert.Equal(FlowState.Running, flow.State);
        await flow.PauseAsync();
        Task stop = flow.StopAsync();
        Assert.Equal(FlowState.Stopping, flow.State);
        Assert.Equal(FlowState.Stopping, flow.Stats.State);
        AssertNotResumable(flow, "stopping");
        await AssertNotPausableAsync(flow, "stopping");
        gate.SetResult();
        await Ended.SoonAsync(stop);
        Assert.Equal(FlowState.Completed, flow.State);
        AssertNotResumable(flow, "completed");
        await AssertNotPausableAsync(flow, "completed");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failed_flow_is_neither_paused_nor_resumed()
    {
        await using Flow flow = Flow.Start(new[] { 1 } | Stage.Map<int, int>(_ => throw new TestFailureException("here")));
        await Ended.FailedAsync(flow);

        Assert.Equal(FlowState.Failed, flow.State);
        AssertNotResumable(flow, "failed");
        await AssertNotPausableAsync(flow, "failed");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_cancelled_flow_is_neither_paused_nor_resumed()
    {
        Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false));
        await flow.DisposeAsync();

        Assert.Equal(FlowState.Cancelled, flow.State);
        AssertNotResumable(flow, "cancelled");
        await AssertNotPausableAsync(flow, "cancelled");
    }

    [Fact(Timeout = 30_000)]
    public async Task Disposing_cancels_what_runs_and_may_be_done_twice()
    {
        var well = new Well();
        Flow flow = Flow.Start(well.AsPipe(asynchronous: false));
        await Eventually.TrueAsync(() => well.Pulled > 0, () => "Nothing is pulled.");

        await Ended.SoonAsync(flow.DisposeAsync().AsTask());
        await Ended.SoonAsync(flow.DisposeAsync().AsTask());

        Assert.Equal(FlowState.Cancelled, flow.State);
        Assert.True(flow.Completion.IsCanceled);
    }

    [Fact(Timeout = 30_000)]
    public async Task Disposing_a_flow_that_has_ended_leaves_its_end_as_it_was()
    {
        Flow completed = Flow.Start(Source.From(new[] { 1 }));
        await completed.Completion;
        await completed.DisposeAsync();
        Assert.Equal(FlowState.Completed, completed.State);

        Flow failed = Flow.Start(new[] { 1 } | Stage.Map<int, int>(_ => throw new TestFailureException("here")));
        await Ended.FailedAsync(failed);
        await failed.DisposeAsync();
        Assert.Equal(FlowState.Failed, failed.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_token_cancels_the_flow_and_its_completion_names_the_token()
    {
        using var cancellation = new CancellationTokenSource();
        await using Flow flow = Flow.Start([new Well().AsPipe(asynchronous: true)], cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();
        await Ended.SoonAsync(flow.Completion);

        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flow.Completion);
        Assert.Equal(cancellation.Token, error.CancellationToken);
        Assert.Equal(FlowState.Cancelled, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_token_that_is_cancelled_already_lets_nothing_start()
    {
        var well = new Well();
        await using Flow flow = Flow.Start([well.AsPipe(asynchronous: false)], cancellationToken: new CancellationToken(canceled: true));

        await Ended.SoonAsync(flow.Completion);

        Assert.Equal(FlowState.Cancelled, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wait_that_takes_too_long_says_so_and_the_flow_goes_on()
    {
        var clock = new ManualClock();
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false), new FlowOptions { Clock = clock });

        Task wait = flow.WaitAsync(TimeSpan.FromSeconds(1.5));
        Assert.False(wait.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1.5));

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() => wait);
        Assert.Equal("LEAT0022: The flow has not completed within 1.5 s. It goes on; wait again, or stop it.", error.Message);
        Assert.Equal(FlowState.Running, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_wait_ends_as_the_flow_ends()
    {
        await using Flow completed = Flow.Start(Source.From(new[] { 1 }));
        await completed.WaitAsync(TimeSpan.FromSeconds(20));

        await using Flow failed = Flow.Start(new[] { 1 } | Stage.Map<int, int>(_ => throw new TimeoutException("the body's own")));
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => failed.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("the body's own", error.InnerException!.Message);

        await using Flow cancelled = Flow.Start(new Well().AsPipe(asynchronous: false));
        Task wait = cancelled.WaitAsync(TimeSpan.FromSeconds(20));
        await cancelled.StopAsync(drain: false);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private static void AssertNotResumable(Flow flow, string state) => Assert.Equal(
        $"LEAT0008: The flow is {state}, so it can't be resumed. Only a paused flow can.",
        Assert.Throws<InvalidOperationException>(flow.Resume).Message);

    private static async Task AssertNotPausableAsync(Flow flow, string state) => Assert.Equal(
        $"LEAT0009: The flow is {state}, so it can't be paused. Only a running flow can.",
        (await Assert.ThrowsAsync<InvalidOperationException>(flow.PauseAsync)).Message);
}
