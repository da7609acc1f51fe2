namespace Leat.Tests.Streams.Sinks;

public sealed class ForEachTests
{
    private int done;

    [Fact(Timeout = 30_000)]
    public async Task All_forms_of_an_action_are_waited_for()
    {
        async Task SlowlyAsync(int item)
        {
            await Task.Yield();
            Interlocked.Increment(ref done);
        }

        Sink<int>[] forms =
        [
            Sink.ForEach((int _) => { Interlocked.Increment(ref done); }),
            Sink.ForEach((int item) => SlowlyAsync(item)),
            Sink.ForEach((int item, CancellationToken _) => SlowlyAsync(item)),
            Sink.ForEach((int item) => new ValueTask(SlowlyAsync(item))),
            Sink.ForEach((int item, CancellationToken _) => new ValueTask(SlowlyAsync(item))),
            Sink.ForEach(async (int item) => await SlowlyAsync(item)),
            Sink.ForEach(async (int item, CancellationToken _) => await SlowlyAsync(item)),
        ];
        foreach (Sink<int> form in forms)
        {
            done = 0;
            await using Flow flow = Flow.Start(Enumerable.Range(0, 100) | form);
            await flow.Completion;
            Assert.Equal(100, done);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_an_asynchronous_action_throws_fails_the_run()
    {
        await using Flow flow = Flow.Start(Enumerable.Range(0, 100) | Sink.ForEach(async (int item) =>
        {
            await Task.Yield();
            if (item == 7) throw new TestFailureException("seven");
        }));
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal(7, error.Failures[0].Number);
    }
}
