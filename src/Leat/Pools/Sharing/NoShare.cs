namespace Leat.Pools;

/// <summary>The share of a run that asks nobody: whatever is wanted is there at once.</summary>
internal sealed class NoShare(CoreShareOptions options) : CoreShare
{
    public override string? Waiting => null;

    public override ValueTask<CoreLease> TakeAsync(int cores, long memory, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<CoreLease>(cancellationToken)
            : new(new CoreLease(this, cores == Cores.All ? options.MostCores : Math.Min(cores, options.MostCores), Math.Min(memory, options.MostMemory)));

    public override ValueTask DisposeAsync() => default;

    internal override void Return(CoreLease lease)
    {
        // Nobody counts.
    }
}
