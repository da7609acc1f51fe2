using System.Diagnostics;
using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>One attempt at an action in a worker process of its own.</summary>
internal sealed class IsolatedRun(ProcessRunner runner, ActionCall call) : ISessionWatcher
{
    private readonly ActionLog log = new(call.Log);
    private SingleItem<ActionItem, bool>? item;
    private ActionLimits? limits;
    private WorkerLink? worker;
    private TimeoutException? late;
    private string? processEnd;
    private bool isLost;
    private long memoryKills;
    private long started = Stopwatch.GetTimestamp();

    public async Task<ActionResult> RunAsync(CancellationToken cancellationToken)
    {
        (Exception? Error, FailureCause Cause) end;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            end = await RunInProcessAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // It can't go to another process, or the pool was disposed.
            end = (error, FailureCause.Error);
        }

        return new ActionResult(end.Error, Stopwatch.GetElapsedTime(started)) { Cause = end.Cause, HasLog = log.Close(cancellationToken.IsCancellationRequested ? null : end.Error), Machine = worker?.Machine ?? runner.MachineName, End = processEnd, IsLost = isLost || end.Error is MachineLostException };
    }

    void ISessionWatcher.OnPlaced(WorkerLink link)
    {
        // Should its start be tried again on another, it is that one.
        worker = link;
        started = Stopwatch.GetTimestamp();
        limits!.WatchMemory(link);
        if (link.Machine is { } place) call.Placed?.Invoke(place);
    }

    void ISessionWatcher.OnOutput(string text) => log.Write(text.AsSpan());

    private async Task<(Exception? Error, FailureCause Cause)> RunInProcessAsync(CancellationToken cancellationToken)
    {
        memoryKills = OutOfMemoryKills.Count();
        PoolSession<ActionItem, bool> session = Open();
        using ActionLimits watched = limits = new ActionLimits(call, Kill, timesIt: false, cancellationToken);

        // Either who ends it sees what was submitted, or this sees that it is to end.
        Interlocked.Exchange(ref item, new SingleItem<ActionItem, bool>(session, ActionItem.Of(call)));
        if (watched.Error is not null) Kill();
        await item.Ended.ConfigureAwait(false);

        // Behind its end nobody writes to its outputs or its log any more.
        if (Volatile.Read(ref worker) is { } link) await link.Ended.ConfigureAwait(false);
        await runner.Pool.CloseAsync(session).ConfigureAwait(false);
        OutcomeState state = item.Take(out _, out Exception? error);
        return state switch
        {
            OutcomeState.Done => (null, FailureCause.Error),
            OutcomeState.Cancelled => (watched.Error ?? new OperationCanceledException(cancellationToken), watched.Cause),
            _ => Told(error!),
        };
    }

    private PoolSession<ActionItem, bool> Open()
    {
        using HostView.Scope scope = HostView.Enter(call.View);
        return runner.Pool.Open(Options(), call.Job is CommandJob ? HostCommandTask.TaskOf(HostCommand.Of(call)) : IsolatedAction.TaskOf(call.Job.Body!.Invoke));
    }

    private SessionOptions Options() => new(call.Job.Id.Text)
    {
        IsIsolated = true,
        IsWhole = true,
        Share = runner.Share,
        Watcher = this,
        Timeout = call.Timeout,
        TimeoutError = () => late = ExecutionErrors.TooLong(call.Job.Id.Text, call.Timeout!.Value),
    };

    // It may come before there is anything to kill.
    private void Kill() => Volatile.Read(ref item)?.Cancel();

    private (Exception Error, FailureCause Cause) Told(Exception error)
    {
        if (error is not WorkerLostException lost) return (error, Failure.CauseOf(error, isOverTime: error == late));
        processEnd = lost.End;
        ProcessEnd end = ProcessEnd.Of(call.Job.Id.Text, lost, worker, memoryKills);
        isLost = runner.ForgivesKills && end.WasKilled;
        return (end.Error, end.Cause);
    }
}
