namespace Leat.Tests.Streams.Ends;

/// <summary>Several ends of one run at the same moment: one of them wins, and nothing is left.</summary>
[Collection(AloneCollection.Name)]
public sealed class RacingEndsTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(Work.Sync)]
    [InlineData(Work.Async)]
    [InlineData(Work.Stateful)]
    [InlineData(Work.OfAsyncShared)]
    [InlineData(Work.OfSync)]
    [InlineData(Work.Diamond)]
    [InlineData(Work.AsyncFlatMap)]
    public async Task A_cancel_a_failure_a_stop_and_a_disposal_at_once_end_the_run_once(Work work)
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            var witness = new Witness();
            using var cancellation = new CancellationTokenSource();
            using var start = new Barrier(4);
            int failsAt = 50 + i;
            int seen = 0;
            Pipe<int> source = Source.From(witness.Items());
            Pipe pipe = work.Over(work.Over(source, witness), witness) | Sink.ForEach<int>(_ =>
            {
                if (++seen != failsAt) return;
                start.SignalAndWait(TimeSpan.FromSeconds(20));
                throw new TestFailureException("sink");
            });
            await using Flow flow = Flow.Start([pipe], cancellationToken: cancellation.Token);
            Task[] ends =
            [
                AtOnce(start, cancellation.Cancel),
                AtOnce(start, () => flow.StopAsync()),
                AtOnce(start, () => flow.DisposeAsync().AsTask()),
            ];
            foreach (Task end in ends) await Ended.SoonAsync(end, "one of the ends");
            await Ended.SoonAsync(flow.Completion);
            Assert.True(flow.State is FlowState.Failed or FlowState.Cancelled, $"{flow.State}");
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_cancel_at_any_moment_of_a_short_run_leaves_nothing()
    {
        var leftovers = new Leftovers();
        for (int i = 0; i < Repeat.Times(20) * 10; i++)
        {
            var witness = new Witness();
            using var cancellation = new CancellationTokenSource();
            int after = i;
            int[] items = await ItemsUntilCancelledAsync(
                Work.Async.Over(Work.Stateful.Over(Source.From(witness.Items(100)), witness), witness),
                new Countdown(() => after-- == 0, cancellation));
            Assert.Equal(Enumerable.Range(0, items.Length), items);
            await witness.AtRestAsync();
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Failures_of_all_workers_at_once_are_all_told()
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            using var together = new Barrier(4);
            Stage<int, int> stage = Stage.Map<int, int>(
                item =>
                {
                    together.SignalAndWait(TimeSpan.FromSeconds(20));
                    throw new TestFailureException($"{item}");
                },
                workers: 4).With(batch: 1);
            await using Flow flow = Flow.Start(new[] { 0, 1, 2, 3 } | stage);
            PipelineException error = await Ended.FailedAsync(flow);
            Assert.InRange(error.Failures.Count, 1, 4);
            Assert.Equal(error.Failures.Count, error.Failures.Select(failure => failure.Number).Distinct().Count());
            Assert.Equal(error.Failures.Count, flow.Stats["Map"].Failed);
        }
    }

    private static Task AtOnce(Barrier start, Action end) => AtOnce(start, () =>
    {
        end();
        return Task.CompletedTask;
    });

    private static Task AtOnce(Barrier start, Func<Task> end) => Task.Factory.StartNew(
        () =>
        {
            start.SignalAndWait(TimeSpan.FromSeconds(20));
            return end();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default).Unwrap();

    private static async Task<int[]> ItemsUntilCancelledAsync(Pipe<int> pipe, Countdown countdown)
    {
        List<int> items = [];
        try
        {
            await foreach (int item in (pipe | Stage.Tap<int>(_ => countdown.Tick())).WithCancellation(countdown.Token)) items.Add(item);
        }
        catch (OperationCanceledException)
        {
            // That is what half of the rounds are about.
        }
        return [.. items];
    }

    // Cancels from within a body, on the worker's own thread.
    private sealed class Countdown(Func<bool> isOver, CancellationTokenSource cancellation)
    {
        public CancellationToken Token => cancellation.Token;

        public void Tick()
        {
            if (isOver()) cancellation.Cancel();
        }
    }
}
