using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// Runs actions in this program, each on a thread that it has for itself. They share everything that the program has: its current
/// directory, its environment (so that the variables of a call are not set), its memory (which is not limited for one of them).
/// </summary>
internal sealed class ThreadsRunner : ActionRunner
{
    private readonly ActionThreads threads = new();
    private readonly CommandRunner commands = new();
    private readonly LoadedValues loaded = new();
    private int disposed;

    public ThreadsRunner(ThreadsPool pool)
    {
        Pool = pool;
        ConsoleRouting.Begin();
    }

    public override int Size => Pool.Size;

    public ThreadsPool Pool { get; }

    /// <summary>What the actions have had of the pool, all together.</summary>
    public Share<Turn> Share { get; } = new();

    public ConcurrentDictionary<string, object> Values => loaded.Values;

    public override Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        if (call.Job is CommandJob) return commands.RunAsync(call, cancellationToken);
        return new ThreadAction(this, call).RunAsync(cancellationToken);
    }

    public override async Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken)
    {
        await LoadAsync(loads, cancellationToken).ConfigureAwait(false);
        return loaded.Values;
    }

    public Task LoadAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken) => loaded.LoadAsync(loads.Select(LoadStep.Of), cancellationToken);

    public void Start(ThreadAction action) => threads.Run(action);

    public override void Unload(Job load) => loaded.Unload(load.Id.Text, (load as AttributeJob)?.Target is { } target ? target.Set : null);

    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            loaded.Dispose();
            threads.Dispose();
            commands.Dispose();
            ConsoleRouting.End();
        }

        return ValueTask.CompletedTask;
    }
}
