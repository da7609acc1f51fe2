namespace Leat.Streams;

/// <summary>
/// Whose word counts on an item with a timeout: the worker's that works on it, or the pulse's that gives it up.
/// </summary>
/// <remarks>
/// <code>
///   Held --timeout (pulse)--> Expiring --body returns in time--> Free: the item failed, the worker goes on
///   Held --body returns--> Free          --grace is over (pulse)--> Lost: the item failed, a new worker goes on
/// </code>
/// </remarks>
internal sealed class ItemLease(TimeProvider clock, CancellationToken nodeToken)
{
    private const int Free = 0;
    private const int Held = 1;
    private const int Expiring = 2;
    private const int Lost = 3;
    private const int PhaseBits = 2;
    private const int PhaseMask = (1 << PhaseBits) - 1;

    // The item's serial number and the phase in one word, so that the pulse can't take one item for the next.
    private long state;
    private long since;
    private CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(nodeToken);

    public CancellationToken Token => cancellation.Token;

    public bool IsHeld => PhaseOf(Volatile.Read(ref state)) is Held or Expiring;

    public void Take()
    {
        Volatile.Write(ref since, clock.GetTimestamp());
        Volatile.Write(ref state, With((state >> PhaseBits) + 1, Held));
    }

    /// <summary>
    /// The body has returned. True when it was in time, false when it was late, null when another worker has the item.
    /// </summary>
    public bool? TryReturn()
    {
        long serial = Volatile.Read(ref state) >> PhaseBits;
        if (TryMove(serial, Held, Free))
        {
            return true;
        }

        if (!TryMove(serial, Expiring, Free))
        {
            return null;
        }

        // The pulse may still be about to cancel the old one.
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(nodeToken);
        return false;
    }

    /// <summary>Called by the pulse. True when the worker has lost the item for good.</summary>
    public bool Check(TimeSpan timeout, TimeSpan grace, Action<Task> observe)
    {
        long seen = Volatile.Read(ref state);
        CancellationTokenSource source = cancellation;
        TimeSpan elapsed = clock.GetElapsedTime(Volatile.Read(ref since));
        if (PhaseOf(seen) is not (Held or Expiring) || Volatile.Read(ref state) != seen || elapsed < timeout)
        {
            return false;
        }

        long serial = seen >> PhaseBits;
        if (TryMove(serial, Held, Expiring))
        {
            observe(CancelAndDisposeAsync(source));
        }

        return elapsed >= timeout + grace && TryMove(serial, Expiring, Lost);
    }

    public void Dispose() => cancellation.Dispose();

    // Disposed, or every late item would leave something with the node's own source until the end of the run.
    private static async Task CancelAndDisposeAsync(CancellationTokenSource source)
    {
        await source.CancelAsync().ConfigureAwait(false);
        source.Dispose();
    }

    private static int PhaseOf(long state) => (int)(state & PhaseMask);

    private static long With(long serial, int phase) => (serial << PhaseBits) | (uint)phase;

    private bool TryMove(long serial, int from, int to) =>
        Interlocked.CompareExchange(ref state, With(serial, to), With(serial, from)) == With(serial, from);
}

/// <summary>Thrown to end a worker whose item another one has taken over.</summary>
internal sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : base("The item took longer than its timeout, and another worker has taken over.")
    {
    }
}
