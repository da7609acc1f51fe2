using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Ends;

/// <summary>No task of a run fails without anybody looking, whatever its end.</summary>
[Collection(AloneCollection.Name)]
public sealed class UnobservedTests
{
    [Fact(Timeout = 120_000)]
    public async Task No_exception_of_a_run_stays_unobserved()
    {
        Collect();
        ConcurrentQueue<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs error) => unobserved.Enqueue(error.Exception);
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            for (int i = 0; i < Repeat.Times(5); i++)
            {
                foreach (Work work in Enum.GetValues<Work>()) await EndInAllWaysAsync(work);
            }
            Collect();
            Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
        Assert.Empty(unobserved);
    }

    private static async Task EndInAllWaysAsync(Work work)
    {
        await EndAsync(work, failsAt: 30);
        await EndAsync(work, sourceFailsAt: 30);
        await EndAsync(work, sinkFailsAt: 10);
        await EndAsync(work, cancelsAt: 10);

        var witness = new Witness();
        await foreach (int item in work.Over(Source.From(witness.ItemsAsync()), witness))
        {
            if (item > 10) break;
        }
    }

    // The flow is only disposed: nobody looks at its completion.
    private static async Task EndAsync(Work work, int failsAt = Witness.Never, int sourceFailsAt = Witness.Never, int sinkFailsAt = -1, int cancelsAt = -1)
    {
        var witness = new Witness();
        using var cancellation = new CancellationTokenSource();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int seen = 0;
        Pipe pipe = work.Over(Source.From(witness.ItemsAsync(200, sourceFailsAt)), witness, failsAt) | Sink.ForEach<int>(_ =>
        {
            seen++;
            if (seen == cancelsAt) cancellation.Cancel();
            if (seen == sinkFailsAt) throw new TestFailureException("sink");
        });
        Flow flow = Flow.Start([pipe], new FlowOptions { Progress = stats => { if (stats.State >= FlowState.Completed) ended.TrySetResult(); } }, cancellation.Token);
        await ended.Task;
        await flow.DisposeAsync();
    }

#pragma warning disable RS0030 // Unobserved exceptions come up when the collector finds their tasks.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
#pragma warning restore RS0030
}
