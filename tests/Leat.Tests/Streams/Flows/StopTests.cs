using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Flows;

/// <summary>A flow that is stopped delivers everything that was pulled, or drops it when told to.</summary>
public sealed class StopTests
{
    public static MatrixTheoryData<bool, bool> All { get; } = new([false, true], [false, true]);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task Everything_that_was_pulled_is_delivered(bool asynchronous, bool paused)
    {
        for (int i = 0; i < Repeat.Times(5); i++)
        {
            var well = new Well();
            var sunk = new ConcurrentQueue<int>();
            await using Flow flow = Flow.Start(well.AsPipe(asynchronous) | Stage.Map((int item) => item, workers: 3) | Sink.ForEach<int>(sunk.Enqueue));

            await Eventually.TrueAsync(() => sunk.Count > 100 * i, () => "Nothing comes.");
            if (paused) await flow.PauseAsync();
            await Ended.SoonAsync(flow.StopAsync());

            Assert.Equal(FlowState.Completed, flow.State);
            Assert.True(flow.Completion.IsCompletedSuccessfully);
            Assert.Equal(Enumerable.Range(0, well.Pulled), sunk);
        }
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task An_aggregate_sees_a_normal_end(bool asynchronous, bool overStream)
    {
        var well = new Well();
        var sums = new ConcurrentQueue<long>();
        Stage<int, long> sum = overStream ? Stage.Of<int, long>((items, token) => items.Select(item => (long)item).SumAsync(token)) : Stage.Fold(0L, (long total, int item) => total + item);
        await using Flow flow = Flow.Start(well.AsPipe(asynchronous) | Stage.Tap<int>(_ => { }, workers: 2) | sum | Sink.ForEach<long>(sums.Enqueue));

        await Eventually.TrueAsync(() => well.Pulled > 1000, () => "Nothing is pulled.");
        await Ended.SoonAsync(flow.StopAsync());

        long pulled = well.Pulled;
        Assert.Equal([pulled * (pulled - 1) / 2], sums);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_asynchronous_source_that_waits_is_told_by_its_token()
    {
        var well = new Well { WaitsBefore = 5 };
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(well.AsPipe(asynchronous: true) | Sink.ForEach<int>(sunk.Enqueue));

        await well.Waiting;
        await Ended.SoonAsync(flow.StopAsync());

        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal([0, 1, 2, 3, 4], sunk);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_source_that_does_not_come_back_is_left_behind_after_two_seconds(bool asynchronous)
    {
        var clock = new ManualClock();
        var told = new ConcurrentQueue<RunEvent>();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var atGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sunk = new ConcurrentQueue<int>();
        Pipe<int> deaf = asynchronous ? Source.From(DeafAsync()) : Source.From(Deaf());
        await using Flow flow = Flow.Start(deaf | Sink.ForEach<int>(sunk.Enqueue), new FlowOptions { Clock = clock, Events = told.Enqueue });

        await atGate.Task;
        Task stop = flow.StopAsync();
        clock.Advance(TimeSpan.FromSeconds(1.99));
        Assert.False(stop.IsCompleted);
        Assert.Equal(FlowState.Stopping, flow.State);
        clock.Advance(TimeSpan.FromSeconds(0.02));
        await Ended.SoonAsync(stop);

        Assert.Equal([0], sunk);
        Assert.Equal("Source", Assert.IsType<BodyAbandoned>(Assert.Single(told)).Stage);
        Assert.Equal(1, flow.Stats["Source"].Abandoned);
        gate.SetResult();

        IEnumerable<int> Deaf()
        {
            yield return 0;
            atGate.SetResult();
            ((IAsyncResult)gate.Task).AsyncWaitHandle.WaitOne();
            yield return 1;
        }

        async IAsyncEnumerable<int> DeafAsync()
        {
            yield return 0;
            atGate.SetResult();
            await gate.Task;
            yield return 1;
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Without_draining_the_flow_is_cancelled_and_its_bodies_told()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false) | Stage.Map<int, int>(async (item, token) =>
        {
            inside.TrySetResult();
            await using CancellationTokenRegistration registration = token.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            token.ThrowIfCancellationRequested();
            return item;
        }));

        await inside.Task;
        await Ended.SoonAsync(flow.StopAsync(drain: false));

        Assert.True(cancelled.Task.IsCompleted);
        Assert.True(flow.Completion.IsCanceled);
        Assert.Equal(FlowState.Cancelled, flow.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_flow_that_was_stopped_without_draining_has_ended_when_the_call_returns()
    {
        for (int i = 0; i < Repeat.Times(200); i++)
        {
            await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false));
            await flow.StopAsync(drain: false);
            Assert.Equal(FlowState.Cancelled, flow.State);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Stopping_a_flow_that_has_ended_does_nothing()
    {
        await using Flow completed = Flow.Start(Source.From(new[] { 1 }));
        await completed.Completion;
        await completed.StopAsync();
        await completed.StopAsync(drain: false);
        Assert.Equal(FlowState.Completed, completed.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task Stopping_twice_is_stopping_once()
    {
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: true));
        await Ended.SoonAsync(Task.WhenAll(flow.StopAsync(), flow.StopAsync()));
        Assert.Equal(FlowState.Completed, flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stage_that_fails_while_the_flow_drains_fails_it()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false) | Stage.Map<int, int>(async _ =>
        {
            inside.TrySetResult();
            await gate.Task;
            throw new TestFailureException("late");
        }));

        await inside.Task;
        Task stop = flow.StopAsync();
        gate.SetResult();

        await Assert.ThrowsAsync<PipelineException>(() => stop);
        Assert.Equal(FlowState.Failed, flow.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pipes_that_meet_in_a_zip_are_stopped_well()
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            int sunk = 0;
            await using Flow flow = Flow.Start(Pipe.Zip(new Well().AsPipe(asynchronous: false), new Well().AsPipe(asynchronous: true)) | Sink.ForEach<(int, int)>(_ => sunk++));
            await Eventually.TrueAsync(() => Volatile.Read(ref sunk) > 10, () => "Nothing comes.");
            await Ended.SoonAsync(flow.StopAsync());
            Assert.Equal(FlowState.Completed, flow.State);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Lines_that_a_followed_file_gets_are_delivered_until_it_is_stopped()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Write("app.log", "a\nb\n");
        await using var lines = new Watched<string>(Source.Lines(path, follow: true));
        await lines.AreAsync("a", "b");
        await File.AppendAllTextAsync(path, "c\nd\ne\n");
        await lines.AreAsync("a", "b", "c", "d", "e");
        await Ended.SoonAsync(lines.Flow.StopAsync());
        Assert.Equal(FlowState.Completed, lines.Flow.State);
    }

    [Fact(Timeout = 30_000)]
    public async Task Stopping_a_flow_that_was_cancelled_does_nothing()
    {
        await using Flow flow = Flow.Start(new Well().AsPipe(asynchronous: false));
        await flow.StopAsync(drain: false);
        await flow.StopAsync();
        Assert.Equal(FlowState.Cancelled, flow.State);
    }
}
