using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>Where actions run.</summary>
internal abstract class ActionRunner : IAsyncDisposable
{
    /// <summary>How many actions of one core may run at the same time.</summary>
    public abstract int Size { get; }

    /// <summary>Runs actions on the workers of a pool, which stays its owner's.</summary>
    public static ActionRunner For(Pool pool) => pool switch
    {
        ThreadsPool threads => new ThreadsRunner(threads),
        ProcessPool processes => new ProcessRunner(processes),
        _ => throw new NotSupportedException("Actions run on threads and in processes."),
    };

    /// <summary>Called once, ahead of all actions of a run.</summary>
    /// <param name="jobs">All jobs that may need something loaded, and what they need, as far as is known: what these share stays shared where it is loaded.</param>
    public virtual void Prepare(IReadOnlyList<Job> jobs)
    {
    }

    /// <summary>Runs an action, and comes back when it has ended, however it ended; what goes wrong is in the result.</summary>
    /// <param name="call">Which.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public abstract Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken);

    /// <summary>Loads, in this program, what actions need that run here wherever others run: those of generators and injectors.</summary>
    /// <param name="loads">What, in an order in which it can be loaded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>All values that are loaded here, by the names of their jobs, for a <see cref="JobScope"/>.</returns>
    /// <exception cref="LeatException">Something can't be loaded.</exception>
    public abstract Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken);

    /// <summary>The last job that directly depends on some loads has ended: attributes are cleared.</summary>
    public abstract void Unload(Job load);

    /// <summary>Ends all that was started for it.</summary>
    public abstract ValueTask DisposeAsync();
}
