using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>Runs actions in worker processes of several machines: each where its call says, as <see cref="ProcessRunner"/> runs them on one. So what is loaded is loaded once on each machine that needs it.</summary>
internal sealed class MachinesRunner : ActionRunner
{
    private readonly ProcessPool pool;
    private readonly LoadedValues here = new();
    private readonly Lock gate = new();
    private readonly Dictionary<IMachine, ProcessRunner> runners = [];
    private IReadOnlyList<Job> prepared = [];
    private bool disposed;

    public MachinesRunner(ProcessPool pool) => this.pool = pool;

    public override int Size => pool.Size;

    public override void Prepare(IReadOnlyList<Job> jobs)
    {
        lock (gate) prepared = jobs;
    }

    public override async Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await RunnerOf(call.Machine!).RunAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The pool was disposed.
            return new ActionResult(error, TimeSpan.Zero);
        }
    }

    public override async Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken)
    {
        await here.LoadAsync(loads.Select(LoadStep.Of), cancellationToken).ConfigureAwait(false);
        return here.Values;
    }

    public override void Unload(Job load)
    {
        here.Unload(load.Id.Text, (load as AttributeJob)?.Target is { } target ? target.Set : null);
        ProcessRunner[] all;
        lock (gate) all = [.. runners.Values];
        foreach (ProcessRunner runner in all) runner.Unload(load);
    }

    public override async ValueTask DisposeAsync()
    {
        ProcessRunner[] all;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            all = [.. runners.Values];
        }

        here.Dispose();
        await Task.WhenAll(all.Select(async runner =>
        {
            await runner.DisposeAsync().ConfigureAwait(false);
            await runner.Pool.DisposeAsync().ConfigureAwait(false);
        })).ConfigureAwait(false);
    }

    private ProcessRunner RunnerOf(IMachine machine)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (runners.TryGetValue(machine, out ProcessRunner? there)) return there;
            var runner = new ProcessRunner(pool.OpenSibling(machine), machine.Name, forgivesKills: true) { Machine = machine };
            runner.Prepare(prepared);
            runners.Add(machine, runner);
            return runner;
        }
    }
}
