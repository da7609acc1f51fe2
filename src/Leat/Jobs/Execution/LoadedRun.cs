using System.Diagnostics;
using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>
/// One attempt at an action in the process that has loaded data. Its memory is not limited, and variables are not set: both are the process's,
/// in which there are others.
/// </summary>
internal sealed class LoadedRun(ProcessRunner runner, LoadedProcess process, ActionCall call) : ISessionWatcher
{
    private readonly ActionLog log = new(call.Log);
    private WorkerLink? worker;
    private string? processEnd;
    private bool isLost;

    public async Task<ActionResult> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (Exception? Error, FailureCause Cause) end;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await process.LoadAsync(call.Loads, this, cancellationToken).ConfigureAwait(false);

            // The time that others took to load is not the action's.
            started = Stopwatch.GetTimestamp();
            end = await RunThereAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            end = (error, Failure.CauseOf(error));
        }

        if (end.Error is MachineLostException) runner.Forget(process);
        process.Leave();
        return new ActionResult(end.Error, Stopwatch.GetElapsedTime(started)) { Cause = end.Cause, HasLog = log.Close(cancellationToken.IsCancellationRequested ? null : end.Error), Machine = Volatile.Read(ref worker)?.Machine ?? runner.MachineName, End = processEnd, IsLost = isLost || end.Error is MachineLostException };
    }

    // Should it be given to another one, because of its neighbours, it is that one.
    void ISessionWatcher.OnPlaced(WorkerLink link)
    {
        Volatile.Write(ref worker, link);
        if (link.Machine is { } place) call.Placed?.Invoke(place);
    }

    void ISessionWatcher.OnOutput(string text) => log.Write(text.AsSpan());

    private async Task<(Exception? Error, FailureCause Cause)> RunThereAsync(CancellationToken cancellationToken)
    {
        long memoryKills = OutOfMemoryKills.Count();
        var item = new LoadedItem(LoadedOrder.Run, [.. call.Loads.Select(load => load.Id.Text)], ActionItem.Of(call));
        LoadedWork work = process.Start(call.Job, item, call.Loads, this);
        using var limits = new ActionLimits(call, work.Cancel, timesIt: true, cancellationToken);
        (OutcomeState state, Exception? error) = await work.Completion.ConfigureAwait(false);
        if (limits.Error is { } reason) return (reason, limits.Cause);
        if (error is WorkerLostException lost)
        {
            processEnd = lost.End;
            var how = ProcessEnd.Of(call.Job.Id.Text, lost, Volatile.Read(ref worker), memoryKills);
            isLost = runner.ForgivesKills && how.WasKilled;
            return (how.Error, how.Cause);
        }

        return state == OutcomeState.Done ? (null, FailureCause.Error) : (error, Failure.CauseOf(error));
    }
}
