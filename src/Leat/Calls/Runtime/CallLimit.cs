namespace Leat.Calls;

/// <summary>Watches over the time of one call: cancels its token when it is up, and leaves the call behind if that does not help.</summary>
internal sealed class CallLimit : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource cancellation;
    private readonly CallSite site;
    private readonly TimeSpan grace;
    private readonly Func<Exception> error;
    private readonly ITimer timer;
    private int fired;

    public CallLimit(CallSite site, TimeSpan timeout, bool takesToken, Func<Exception> error, CancellationToken cancellationToken)
    {
        this.site = site;
        this.error = error;
        grace = takesToken ? Grace : TimeSpan.Zero;
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer = TimeProvider.System.CreateTimer(static it => ((CallLimit)it!).OnTime(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => cancellation.Token;

    /// <summary>True when the time was up before the call had ended.</summary>
    public bool HasFired => Volatile.Read(ref fired) > 0;

    public void Dispose()
    {
        timer.Dispose();
        // Not disposed when it was cancelled: the token may still be in the hands of a call that was left behind.
        if (!HasFired) cancellation.Dispose();
    }

    private void OnTime()
    {
        if (Interlocked.Increment(ref fired) == 1)
        {
            // Callbacks of the author's may block.
            _ = cancellation.CancelAsync();
            if (grace > TimeSpan.Zero)
            {
                timer.Change(grace, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        site.Node.Abandon(site, error());
    }
}
