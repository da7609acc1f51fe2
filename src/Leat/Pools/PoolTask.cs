namespace Leat.Pools;

/// <summary>
/// What a worker does with items of one kind. Each worker makes its own, by a function that came to it, uses it for one item
/// at a time, and disposes it at the end.
/// </summary>
internal abstract class PoolTask<TIn, TOut> : IAsyncDisposable
{
    /// <summary>Works on one item; what it throws is the item's failure.</summary>
    public abstract ValueTask RunAsync(TIn item, ITaskOutput<TOut> output, CancellationToken cancellationToken);

    /// <summary>Called behind the last item.</summary>
    public virtual ValueTask CompleteAsync(ITaskOutput<TOut> output) => ValueTask.CompletedTask;

    /// <summary>True when disposing it runs the author's code, or ends it.</summary>
    public virtual bool NeedsDisposal => true;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Where the results of an item go.</summary>
internal interface ITaskOutput<T>
{
    /// <summary>Gives a result; false when no more are wanted.</summary>
    ValueTask<bool> AddAsync(T result);
}
