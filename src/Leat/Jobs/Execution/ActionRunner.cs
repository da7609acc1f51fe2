namespace Leat.Jobs;

/// <summary>Where actions run.</summary>
internal abstract class ActionRunner : IAsyncDisposable
{
    /// <summary>How many actions of one core may run at the same time.</summary>
    public abstract int Size { get; }

    /// <summary>Runs an action, and comes back when it has ended, however it ended; what goes wrong is in the result.</summary>
    /// <param name="call">Which.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public abstract Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken);

    /// <summary>The last job that directly depends on some loads has ended: attributes are cleared.</summary>
    public abstract void Unload(Job load);

    public static ActionRunner For(Pool pool) => new ThreadsRunner(pool.Size);

    /// <summary>Ends all that was started for it.</summary>
    public abstract ValueTask DisposeAsync();
}
