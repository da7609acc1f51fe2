using System.Collections.Concurrent;
using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>
/// Runs actions in allocations of a Slurm cluster. Those that ask for nothing of their own share the allocations of the pool; others have allocations of exactly
/// what they ask for: those without a time of their own one after the other, those with one each a new one.
/// </summary>
/// <remarks>
/// What uses loaded data runs in lanes: allocations that have one process each, with the data in it. A lane of the pool's shape has as many jobs at a time as an
/// allocation of the pool has workers, and as much as all these have; one of another shape has one.
/// </remarks>
internal sealed class SlurmRunner : ActionRunner
{
    /// <summary>How the place is called of what has none yet.</summary>
    private const string Nowhere = "Slurm";

    private readonly ProcessPool pool;
    private readonly SlurmOptions options;
    private readonly SlurmShape own;
    private readonly int places;
    private readonly ProcessRunner common;
    private readonly LoadedValues here = new();
    private readonly Lock gate = new();
    private readonly Dictionary<SlurmShape, ProcessRunner> shapes = [];
    private readonly HashSet<ProcessRunner> singles = [];
    private readonly List<Lane> lanes = [];
    private readonly List<Task> closing = [];
    private readonly ConcurrentDictionary<Job, TimeSpan?> longer = [];
    private IReadOnlyList<Job> prepared = [];
    private bool disposed;

    /// <summary>Takes the workers of a pool on a Slurm cluster.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="places">How many actions may run at the same time.</param>
    public SlurmRunner(ProcessPool pool, int places)
    {
        this.pool = pool;
        this.places = places;
        options = pool.Allocations!.Options;
        own = SlurmShape.Of(options);
        common = new ProcessRunner(pool, Nowhere, forgivesKills: true);
    }

    public override int Size => places;

    /// <summary>What jobs wait for, as far as Slurm says so; null when it says nothing.</summary>
    public string? Obstacle => pool.Stats().Hosts.FirstOrDefault(static host => host.State == HostState.Queued)?.Fault is { } fault ? $"an allocation of Slurm's. {fault}" : null;

    /// <summary>The node that a place is on.</summary>
    public static string NodeOf(string place) => SlurmTransport.NodeOf(place);

    public override void Prepare(IReadOnlyList<Job> jobs)
    {
        lock (gate) prepared = jobs;
    }

    public override async Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken)
    {
        try
        {
            var shape = SlurmShape.Of(call.Job.Options.Resources, call.Resources, options);
            bool hasAllTime = shape.Time is not null || longer.ContainsKey(call.Job);
            shape = shape with { Time = shape.Time ?? longer.GetValueOrDefault(call.Job) };
            return call.Loads.Count > 0 && call.Job is not CommandJob ? await RunLoadedAsync(call, shape, hasAllTime, cancellationToken).ConfigureAwait(false)
                : hasAllTime ? await RunAloneAsync(call, shape, cancellationToken).ConfigureAwait(false)
                : await RunInAsync(shape == own ? common : RunnerOf(shape), call, hasAllTime, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // The pool was disposed.
            return new ActionResult(error, TimeSpan.Zero) { Machine = Nowhere };
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
        Lane[] all, over;
        lock (gate)
        {
            all = [.. lanes];
            foreach (Lane lane in all) lane.Loaded.Remove(load);

            // Nothing is left there that would have to be loaded again.
            over = [.. lanes.Where(static lane => lane is { Users: 0, Loaded.Count: 0 })];
            lanes.RemoveAll(over.Contains);
            closing.RemoveAll(static task => task.IsCompleted);
            closing.AddRange(over.Select(static lane => Task.Run(() => CloseAsync(lane.Runner))));
        }

        foreach (Lane lane in all.Except(over)) lane.Runner.Unload(load);
    }

    public override async ValueTask DisposeAsync()
    {
        ProcessRunner[] all;
        Task[] last;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            all = [.. shapes.Values, .. singles, .. lanes.Select(lane => lane.Runner)];
            last = [.. closing];
        }

        here.Dispose();
        await common.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll([.. all.Select(CloseAsync), .. last]).ConfigureAwait(false);
    }

    private static async Task CloseAsync(ProcessRunner runner)
    {
        await runner.DisposeAsync().ConfigureAwait(false);
        await runner.Pool.DisposeAsync().ConfigureAwait(false);
    }

    private ProcessRunner RunnerOf(SlurmShape shape)
    {
        lock (gate)
        {
            if (!shapes.TryGetValue(shape, out ProcessRunner? runner)) shapes.Add(shape, runner = Open(shape.In(options, places), isForOne: false));
            return runner;
        }
    }

    // The lock is held.
    private ProcessRunner Open(SlurmOptions wanted, bool isForOne)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var runner = new ProcessRunner(pool.OpenAllocations(wanted, isForOne), Nowhere, forgivesKills: true);
        runner.Prepare(prepared);
        return runner;
    }

    private async Task<ActionResult> RunAloneAsync(ActionCall call, SlurmShape shape, CancellationToken cancellationToken)
    {
        ProcessRunner runner;
        lock (gate) singles.Add(runner = Open(shape.In(options, most: 1), isForOne: true));
        try
        {
            return await RunInAsync(runner, call, hasAllTime: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync(runner).ConfigureAwait(false);
            lock (gate) singles.Remove(runner);
        }
    }

    private async Task<ActionResult> RunLoadedAsync(ActionCall call, SlurmShape shape, bool hasAllTime, CancellationToken cancellationToken)
    {
        Lane lane;
        lock (gate)
        {
            Lane? best = hasAllTime ? null : lanes.Where(each => each.Shape == shape && each.Users < each.Places).MaxBy(each => call.Loads.Count(each.Loaded.Contains));
            if (best is null)
            {
                int workers = shape == own && !hasAllTime ? options.Workers : 1;
                lanes.Add(best = new Lane(shape, Open(shape.Times(workers).In(options, most: 1), hasAllTime), workers));
            }

            lane = best;
            lane.Users++;
            lane.Loaded.UnionWith(call.Loads);
        }

        try
        {
            return await RunInAsync(lane.Runner, call, hasAllTime, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                lane.Users--;
                if (hasAllTime) lanes.Remove(lane);
            }

            if (hasAllTime) await CloseAsync(lane.Runner).ConfigureAwait(false);
        }
    }

    private async Task<ActionResult> RunInAsync(ProcessRunner runner, ActionCall call, bool hasAllTime, CancellationToken cancellationToken)
    {
        ActionResult result = await runner.RunAsync(call, cancellationToken).ConfigureAwait(false);
        if (result.Error is not null && !cancellationToken.IsCancellationRequested) result = await ExplainAsync(runner.Pool.Allocations!, call, result, hasAllTime).ConfigureAwait(false);
        return result with { Machine = SlurmTransport.NodeOf(result.Machine) };
    }

    // How the allocation has ended, if that is what has ended the action.
    private async Task<ActionResult> ExplainAsync(SlurmLauncher launcher, ActionCall call, ActionResult result, bool hasAllTime)
    {
        string job = call.Job.Id.Text;
        if (result.Error is LeatException refused && SlurmErrors.IsRefusal(refused)) return result with { Error = SlurmJobErrors.NotGiven(job, refused), IsFinal = true };
        if (!result.IsLost && result.End is null) return result;
        if (await launcher.EndOfAsync(result.Machine, IsOfSlurm(result.End)).ConfigureAwait(false) is not { } end) return result;
        switch (end.Cause)
        {
            case FailureCause.Memory:
                return result with { Error = ExecutionErrors.NoMemoryLeft(job, $"{result.Machine}: {end.Reason}", ""), Cause = FailureCause.Memory, IsLost = false };
            case FailureCause.Time when hasAllTime:
                // That of the job itself, if it has one, the scheduler makes longer.
                TimeSpan? limit = launcher.Options.Time ?? launcher.LimitOf(result.Machine);
                longer[call.Job] = limit * 2;
                return result with { Error = SlurmJobErrors.TimeLimit(job, result.Machine, limit), Cause = FailureCause.Time, IsLost = false };
            case FailureCause.Time:
                // It may have begun late: next it has all of the time.
                longer.TryAdd(call.Job, null);
                break;
        }

        return result with { Error = SlurmJobErrors.AllocationLost(result.Machine, end.Reason), IsLost = true };
    }

    // What Slurm ends, it asks to end first.
    private static bool IsOfSlurm(string? end) => end is not null && (end.StartsWith("signal ", StringComparison.Ordinal) || end.StartsWith("exit code 143 ", StringComparison.Ordinal));

    /// <summary>An allocation, or the next one in its place, with a process that has loaded data.</summary>
    private sealed class Lane(SlurmShape shape, ProcessRunner runner, int places)
    {
        public SlurmShape Shape => shape;

        public ProcessRunner Runner => runner;

        public int Places => places;

        public int Users { get; set; }

        public HashSet<Job> Loaded { get; } = [];
    }
}
