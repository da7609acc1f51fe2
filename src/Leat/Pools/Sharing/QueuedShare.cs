namespace Leat.Pools;

/// <summary>The part of a share that is the same whoever is asked: those of this run who wait stand in line.</summary>
internal abstract class QueuedShare(CoreShareOptions options) : CoreShare
{
    private readonly LinkedList<CoreClaim> claims = [];

    /// <summary>Guards all that follows, and all that a share has.</summary>
    protected Lock Gate { get; } = new();

    protected CoreShareOptions Options => options;

    protected bool IsClosed { get; private set; }

    /// <summary>Who is next.</summary>
    protected CoreClaim? First => claims.First?.Value;

    /// <summary>How many wait.</summary>
    protected int Count => claims.Count;

    public sealed override ValueTask<CoreLease> TakeAsync(int cores, long memory, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, Cores.All);
        ArgumentOutOfRangeException.ThrowIfNegative(memory);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<CoreLease>(cancellationToken);
        cores = cores == Cores.All ? options.MostCores : Math.Min(cores, options.MostCores);
        memory = Math.Min(memory, options.MostMemory);
        CoreClaim claim;
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            if (claims.Count == 0 && TakeAtOnce(cores, memory) is { } lease) return new(lease);
            claim = new CoreClaim(cores, memory, options.Clock.GetTimestamp());
            claims.AddLast(claim);
            Serve();
        }

        return claim.Granted.IsCompleted ? new(claim.Granted) : new(WaitAsync(claim, cancellationToken));
    }

    public override ValueTask DisposeAsync()
    {
        lock (Gate)
        {
            if (IsClosed) return default;
            IsClosed = true;
            foreach (CoreClaim claim in claims) claim.Fail(new ObjectDisposedException(GetType().Name));
            claims.Clear();
            Close();
        }

        return default;
    }

    internal sealed override void Return(CoreLease lease)
    {
        lock (Gate)
        {
            if (!IsClosed) GiveBack(lease);
        }
    }

    /// <summary>What can be had without a look at others; null if it can't. Under the gate, as all that follows.</summary>
    protected abstract CoreLease? TakeAtOnce(int cores, long memory);

    /// <summary>Grants to those who wait what can be granted, and sees to it that somebody does so later.</summary>
    protected abstract void Serve();

    /// <summary>A lease has come back.</summary>
    protected abstract void GiveBack(CoreLease lease);

    /// <summary>Gives everything back.</summary>
    protected abstract void Close();

    /// <summary>The next gets what it has waited for.</summary>
    protected void Grant(CoreLease lease)
    {
        CoreClaim claim = claims.First!.Value;
        claims.RemoveFirst();
        claim.Grant(lease);
    }

    private async Task<CoreLease> WaitAsync(CoreClaim claim, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (state, token) => Leave((CoreClaim)state!, token), claim);
        await using (registration.ConfigureAwait(false))
        {
            return await claim.Granted.ConfigureAwait(false);
        }
    }

    private void Leave(CoreClaim claim, CancellationToken token)
    {
        lock (Gate)
        {
            if (!claims.Remove(claim)) return;
            claim.Cancel(token);

            // Those behind it may need less; and others must not wait for it any more.
            Serve();
        }
    }
}
