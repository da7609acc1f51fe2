namespace Leat.Pools;

/// <summary>Cores and memory that a piece of work has while it runs. Disposing it gives them back; twice is as once.</summary>
/// <param name="share">Whose they are.</param>
/// <param name="cores">How many cores.</param>
/// <param name="memory">Bytes of memory.</param>
internal sealed class CoreLease(CoreShare share, int cores, long memory) : IDisposable
{
    private bool isReturned;

    /// <summary>
    /// Cores: as many as were asked for, or as many as the run may take. A run within a run, and one under a <c>make</c> that has lost
    /// tokens, may get fewer after it has waited in vain.
    /// </summary>
    public int Cores => cores;

    /// <summary>Bytes of memory.</summary>
    public long Memory => memory;

    /// <summary>The tokens of <c>make</c> that it has, if these are what counts.</summary>
    internal byte[] Tokens { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref isReturned, true)) share.Return(this);
    }
}
