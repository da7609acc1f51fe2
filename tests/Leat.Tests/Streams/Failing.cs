namespace Leat.Tests.Streams;

/// <summary>Runs that must fail.</summary>
internal static class Failing
{
    /// <summary>What a run threw inside, and the items that came before it.</summary>
    public static async Task<(List<T> Items, TError Error)> RunAsync<T, TError>(Pipe<T> pipe)
        where TError : Exception
    {
        List<T> items = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (T item in pipe.WithCancellation(TestContext.Current.CancellationToken)) items.Add(item);
        });
        return (items, Assert.IsType<TError>(error.Failures[0].Exception));
    }

    /// <summary>The error with which a flow into a sink fails.</summary>
    public static async Task<TError> RunAsync<TError>(Pipe pipe)
        where TError : Exception
    {
        await using Flow flow = Flow.Start(pipe);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => flow.Completion);
        return Assert.IsType<TError>(error.Failures[0].Exception);
    }
}
