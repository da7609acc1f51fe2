namespace Leat.Pools;

/// <summary>Somebody of this run who waits for cores.</summary>
/// <param name="cores">How many.</param>
/// <param name="memory">Bytes of memory.</param>
/// <param name="since">When the waiting began, as a time stamp of the share's clock.</param>
internal sealed class CoreClaim(int cores, long memory, long since)
{
    private readonly TaskCompletionSource<CoreLease> granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Cores => cores;

    public long Memory => memory;

    public long Since => since;

    public Task<CoreLease> Granted => granted.Task;

    public void Grant(CoreLease lease) => granted.SetResult(lease);

    public void Cancel(CancellationToken token) => granted.TrySetCanceled(token);

    public void Fail(Exception error) => granted.TrySetException(error);
}
