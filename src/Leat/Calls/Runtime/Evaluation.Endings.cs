using System.Diagnostics;

namespace Leat.Calls;

// How a run ends.
internal sealed partial class Evaluation
{
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isOver;
    private int ending;

    /// <summary>Completes when the run has ended, and nothing of it is at work.</summary>
    public Task Completion => completion.Task;

    /// <summary>True when no more calls are to be made. Under the gate.</summary>
    public bool IsOver => isOver;

    /// <summary>Makes no more calls, and cancels those that are being made.</summary>
    public void Cancel()
    {
        if (Completion.IsCompleted) return;
        _ = CancelAsync();
    }

    private async Task CancelAsync()
    {
        TaskCompletionSource? hungry;
        lock (Gate)
        {
            // Ahead of the token: whoever that wakes must find nothing more to do.
            isOver = true;
            (hungry, hunger) = (hunger, null);
        }

        // Callbacks of the author's may throw, and may never end.
        _ = cancellation.CancelAsync().ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        hungry?.TrySetResult();
        await EndAsync().ConfigureAwait(false);
    }

    private void EndIfDone()
    {
        lock (Gate)
        {
            if (openNodes > 0 || isOver) return;
            isOver = true;
        }

        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref ending, 1) != 0) return;
        foreach (Executor executor in executors.Values) executor.Close();
        Task all = Task.WhenAll([.. executors.Values.Select(executor => executor.Ended), .. pulls]);
        if (IsCancelled && await Task.WhenAny(all, Task.Delay(LongestEnding, TimeProvider.System, CancellationToken.None)).ConfigureAwait(false) != all)
        {
            foreach (Executor executor in executors.Values) executor.LeaveAllBehind();
            all = Task.CompletedTask;
        }

        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IDisposable hold in holds) hold.Dispose();
        await registration.DisposeAsync().ConfigureAwait(false);
        if (failures.Count > 0) activity?.SetStatus(ActivityStatusCode.Error);
        activity?.Stop();
        completion.TrySetResult();
        progress?.Invoke();
    }
}
