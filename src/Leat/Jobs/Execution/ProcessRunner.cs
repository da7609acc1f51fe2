using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// Runs actions in worker processes: each in one that has run nothing before it and runs nothing behind it, so that whatever it does to its
/// process (statics, the current directory, the environment, a crash) affects no other.
/// </summary>
internal sealed class ProcessRunner : ActionRunner
{
    private readonly string? host;
    private readonly LoadedValues here = new();
    private readonly CommandRunner commands = new();
    private readonly Lock gate = new();
    private readonly HashSet<Job> prepared = [];
    private readonly List<LoadedProcess> processes = [];
    private LoadedProcess? loaded;
    private HostFiles? files;
    private int disposed;

    /// <summary>Takes the workers of a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="host">The machine on which all of them are, or what stands for them where they are on several; null for this one.</param>
    /// <param name="forgivesKills">True when a process that somebody kills is nobody's fault: on many machines there is always one who does.</param>
    public ProcessRunner(ProcessPool pool, string? host = null, bool forgivesKills = false)
    {
        Pool = pool;
        this.host = host;
        ForgivesKills = forgivesKills;
        var rehearsal = new PoolSession<ActionItem, bool>(pool, new SessionOptions("rehearsal"), IsolatedAction.TaskOf(static (_, _) => default));
        pool.BeginIsolation(Share, rehearsal, new ActionItem("rehearsal", ["input"], ["output"], ["output"], []));
    }

    public override int Size => Pool.Size;

    /// <summary>Where the actions run, for people, as long as nobody knows better.</summary>
    public string MachineName => host ?? Environment.MachineName;

    /// <summary>True when a process that somebody kills is nobody's fault: on many machines there is always one who does.</summary>
    public bool ForgivesKills { get; }

    /// <summary>The one of several machines on which all of them are; null where that is not known.</summary>
    public IMachine? Machine { get; init; }

    public ProcessPool Pool { get; }

    /// <summary>What the actions have had of the pool, all together.</summary>
    public Share<Piece> Share { get; } = new();

    public override void Prepare(IReadOnlyList<Job> jobs)
    {
        lock (gate) prepared.UnionWith(jobs.Where(job => job.Body is not null));
    }

    public override Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        if (call.Transfer is null || host is null) return RunThereAsync(call, cancellationToken);
        lock (gate) files ??= new HostFiles(Pool, host);
        return new TransferredRun(this, files, call).RunAsync(cancellationToken);
    }

    /// <summary>Runs an action whose files are where it runs.</summary>
    public Task<ActionResult> RunThereAsync(ActionCall call, CancellationToken cancellationToken)
    {
        if (call.Job is CommandJob) return host is not null ? new IsolatedRun(this, call).RunAsync(cancellationToken) : commands.RunAsync(call, cancellationToken);
        if (call.Loads.Count == 0) return new IsolatedRun(this, call).RunAsync(cancellationToken);

        // Elsewhere: what is captured may be large, and is encoded before anything is waited for.
        return Task.Run(() => RunLoadedAsync(call, cancellationToken), CancellationToken.None);
    }

    public override async Task<ConcurrentDictionary<string, object>> LoadHereAsync(IReadOnlyList<Job> loads, CancellationToken cancellationToken)
    {
        await here.LoadAsync(loads.Select(LoadStep.Of), cancellationToken).ConfigureAwait(false);
        return here.Values;
    }

    public override void Unload(Job load)
    {
        here.Unload(load.Id.Text, (load as AttributeJob)?.Target is { } target ? target.Set : null);
        lock (gate) loaded?.Unload(load);
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        here.Dispose();
        commands.Dispose();
        LoadedProcess[] all;
        lock (gate) all = [.. processes];
        foreach (LoadedProcess process in all) await process.DisposeAsync().ConfigureAwait(false);
        if (files is not null) await files.DisposeAsync().ConfigureAwait(false);
        Pool.EndIsolation(Share);
    }

    private async Task<ActionResult> RunLoadedAsync(ActionCall call, CancellationToken cancellationToken)
    {
        LoadedProcess process;
        try
        {
            process = ProcessFor(call);
        }
        catch (Exception error)
        {
            return new ActionResult(error, TimeSpan.Zero);
        }

        return await new LoadedRun(this, process, call).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A process was lost with its machine. What needs it next gets another one.</summary>
    public void Forget(LoadedProcess process)
    {
        lock (gate)
        {
            if (loaded != process) return;
            loaded.Replace();
            loaded = null;
            files?.Forget();
        }
    }

    /// <summary>The machine was lost, and what was there: the next ones begin anew.</summary>
    public void ForgetMachine()
    {
        lock (gate)
        {
            loaded?.Replace();
            loaded = null;
            files?.Forget();
        }
    }

    /// <summary>The machine is there, and can't work.</summary>
    public void GiveMachineUp(Exception fault) => Machine?.GiveUp(fault);

    // A new one where the present one can't know the job's objects: they would be others than those that it has loaded.
    private LoadedProcess ProcessFor(ActionCall call)
    {
        lock (gate)
        {
            prepared.UnionWith(call.Loads.Append(call.Job));
            if (loaded?.CanRun(call) != true || loaded.View != call.View)
            {
                loaded?.Replace();
                processes.Add(loaded = new LoadedProcess(Pool, prepared, call.View, ForgivesKills));
            }

            loaded.Use();
            return loaded;
        }
    }
}
