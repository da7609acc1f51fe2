namespace Leat.Tests.Streams;

/// <summary>What bodies throw where a test wants them to.</summary>
internal sealed class TestFailureException(string message) : Exception(message);

/// <summary>Waits for ends, whatever they are.</summary>
internal static class Ended
{
    /// <summary>Waits until the task has ended; a hang fails the test at once and says where.</summary>
    public static async Task<Task> SoonAsync(Task task, string what = "the run", double seconds = 20)
    {
        using var enough = new CancellationTokenSource();
        Task first = await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, enough.Token));
        await enough.CancelAsync();
        if (first != task) Assert.Fail($"{what} does not end within {seconds} s.");
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return task;
    }

    /// <summary>Waits until the flow has failed and gives its failure.</summary>
    public static async Task<PipelineException> FailedAsync(Flow flow)
    {
        await SoonAsync(flow.Completion);
        return await Assert.ThrowsAsync<PipelineException>(() => flow.Completion);
    }
}
