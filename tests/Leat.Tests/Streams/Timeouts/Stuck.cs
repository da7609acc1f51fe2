namespace Leat.Tests.Streams.Timeouts;

/// <summary>
/// Bodies that do not return, until the test lets them go. Time is the test's own, so a body is late exactly when the
/// test says so.
/// </summary>
internal sealed class Stuck : IDisposable
{
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int entered;
    private int returned;

    /// <summary>How many bodies have come to the gate.</summary>
    public int Entered => Volatile.Read(ref entered);

    /// <summary>How many have gone on behind it.</summary>
    public int Returned => Volatile.Read(ref returned);

    /// <summary>Holds the thread, and ignores whatever comes.</summary>
    public void Block()
    {
        Interlocked.Increment(ref entered);
        ((IAsyncResult)gate.Task).AsyncWaitHandle.WaitOne();
        Interlocked.Increment(ref returned);
    }

    /// <summary>Waits without a thread, and obeys the token it is given.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref entered);
        try
        {
            await gate.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Increment(ref returned);
        }
    }

    public Task EnteredAsync(int count) => Eventually.TrueAsync(() => Entered >= count, () => $"{Entered} of {count} bodies have come to the gate.");

    public Task ReturnedAsync(int count) => Eventually.TrueAsync(() => Returned >= count, () => $"{Returned} of {count} bodies have returned.");

    public void Release() => gate.TrySetResult();

    /// <summary>No body stays behind, however the test ends.</summary>
    public void Dispose() => Release();
}
