using Leat.Pools;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>One attempt at an action on a machine that does not see this one's files: what it needs is sent ahead of it, and what it has made is brought back.</summary>
internal sealed class TransferredRun(ProcessRunner runner, HostFiles files, ActionCall call)
{
    public async Task<ActionResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            HostTransfer transfer = files.Begin();
            await using (transfer.ConfigureAwait(false)) return await RunAsync(transfer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            bool isLost = error is MachineLostException;
            if (isLost) runner.ForgetMachine();
            if (error is MachineLostException { InnerException: not null }) runner.GiveMachineUp(error);
            return new ActionResult(Told(error), TimeSpan.Zero) { Machine = runner.MachineName, IsLost = isLost };
        }
    }

    private async Task<ActionResult> RunAsync(HostTransfer transfer, CancellationToken cancellationToken)
    {
        // Those that share a process share a folder: what was loaded holds paths that lead there.
        bool isPrivate = call.Loads.Count == 0;
        HostView view = isPrivate ? await transfer.OpenAsync(cancellationToken).ConfigureAwait(false) : await files.SharedViewAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await transfer.SendAsync(view, call.Transfer!, call.Paths, cancellationToken).ConfigureAwait(false);
            ActionResult result = await runner.RunThereAsync(call with { View = view }, cancellationToken).ConfigureAwait(false);
            if (result.Error is { } error && HostFaults.IsFullDisk(error, view)) throw ExecutionErrors.HostFault(files.Host, error, hasStarted: true);
            if (result.Error is not null || call.Paths.Count == 0) return result;
            (string, string)[] paths = [.. call.Paths.Zip(call.Incoming, (path, incoming) => (path, $"{incoming}.{Guid.NewGuid():N}"))];
            return result with { Undeclared = await transfer.BringAsync(view, paths, call.Job.Body is not { WritesInPlace: true }, cancellationToken).ConfigureAwait(false) };
        }
        finally
        {
            if (isPrivate) await transfer.RemoveAsync(view, isHasty: cancellationToken.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    // Whatever was the matter with a file, here or there. What the action has failed with is in its result.
    private Exception Told(Exception error) => error is InvalidDataException or LeatException { Code: StorageErrors.FileMissingCode or StorageErrors.FileUnreadableCode } || FileTrouble.IsOne(error)
        ? ExecutionErrors.NotTransferred(files.Host, error)
        : error;
}
