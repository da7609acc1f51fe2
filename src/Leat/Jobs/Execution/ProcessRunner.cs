using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// Runs actions in worker processes: each in one that has run nothing before it and runs nothing behind it, so that whatever it does to its
/// process (statics, the current directory, the environment, a crash) affects no other.
/// </summary>
internal sealed class ProcessRunner : ActionRunner
{
    private readonly LoadedValues here = new();
    private int disposed;

    public ProcessRunner(ProcessPool pool)
    {
        Pool = pool;
        pool.BeginIsolation(Share);
    }

    public override int Size => Pool.Size;

    public ProcessPool Pool { get; }

    /// <summary>What the actions have had of the pool, all together.</summary>
    public Share<Piece> Share { get; } = new();

    public override Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        if (call.Job is CommandJob) return CommandRunner.RunAsync(call, cancellationToken);
        return new IsolatedRun(this, call).RunAsync(cancellationToken);
    }

    public override async Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken)
    {
        await here.LoadAsync(loads.Select(LoadStep.Of), cancellationToken).ConfigureAwait(false);
        return here.Values;
    }

    public override void Unload(Job load) => here.Unload(load.Id.Text, (load as AttributeJob)?.Target is { } target ? target.Set : null);

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            here.Dispose();
            Pool.EndIsolation(Share);
        }

        return ValueTask.CompletedTask;
    }
}
