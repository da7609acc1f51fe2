using System.Collections.Concurrent;
using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

// How jobs are run.
internal sealed partial class RunEngine
{
    private readonly ConcurrentDictionary<JobNode, Execution> running = new();
    private Pool? ownPool;
    private ActionRunner? runner;
    private CoreShare? share;
    private Resources? capacity;

    private int CoresInAll => PoolOnSlurm is { } slurm ? Math.Min(slurm.Size, options.Cores ?? int.MaxValue) : options.Cores ?? options.Pool?.Size ?? Environment.ProcessorCount;

    private long MemoryInAll => options.Memory ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public void Queue(JobNode node)
    {
        events.Tell(new JobQueued(Now, node.Job.Id, [.. node.Reasons ?? []]));
        if (node.IsMaker)
        {
            makers.Enqueue(node);
            return;
        }

        if (capacity is null)
        {
            Expect([.. run.Nodes.Where(each => each.IsWanted)]);
            capacity = new Resources { Cores = CoresInAll, Memory = MemoryInAll, Gpus = Gpus.Count };
            if (PoolOfMachines is { } pool)
            {
                BeginMachines(pool);
            }
            else if (PoolOnSlurm is not null)
            {
                BeginOnSlurm();
            }
            else
            {
                scheduler.Join(capacity);
                scheduler.HasAllWorkers = true;
            }
        }

        Resources wanted = node.Job.Options.Resources;
        if (PoolOnSlurm?.Allocations is { } slurm)
        {
            wanted = SlurmShape.PlaceOf(wanted, slurm.Options);
        }
        else if (wanted.Memory == 0 && machines.Count == 0)
        {
            // As the machine's memory is shared out over its cores.
            wanted = wanted with { Memory = wanted.Cores == Cores.All ? capacity.Memory : Math.Min(capacity.Memory, capacity.Memory / capacity.Cores * wanted.Cores) };
        }

        var spec = new TaskSpec(wanted, node.Expected)
        {
            Retries = node.Job.Options.Retries,
            Delay = node.Job.Options.RetryDelay,
            After = TimeSpan.FromSeconds(node.Tail),
        };
        int task = scheduler.Submit(spec, []);
        tasks.Add(node);
        if (machines.Count == 0 || wanted.Cores <= LargestMachine().Cores) return;
        node.Error = JobErrors.Impossible(node.Job, LargestMachine(), isOfMachines: true);
        scheduler.Cancel(task);
    }

    public Exception? Refuse(JobNode node) =>
        options.Plan is { } plan && plan[node.Job.Id] is not { State: PlannedState.WillRun or PlannedState.MayRun } && !IsNew(node) ? JobErrors.NotInPlan(node.Job) : null;

    private static bool IsNew(JobNode node) => node.IsMaker || node.Job.Maker is not null;

    private ActionRunner Runner()
    {
        if (runner is not null) return runner;
        ownPool = options.Pool is null ? Pool.Processes(CoresInAll) : null;
        share = CoreShare.Open(new CoreShareOptions { IsOn = options.SharesMachine && PoolOfMachines is null && PoolOnSlurm is null, Cores = CoresInAll, Memory = MemoryInAll, Tell = Warn });
        runner = PoolOfMachines is { } pool ? new MachinesRunner(pool) : PoolOnSlurm is { } slurm ? new SlurmRunner(slurm, CoresInAll) : ActionRunner.For(options.Pool ?? ownPool!);
        runner.Prepare([.. run.Nodes.Where(node => node.IsWanted && (node.Job.Kind == JobKind.Load || Array.Exists(node.Inputs, edge => edge.Node.Job.Kind == JobKind.Load))).Select(node => node.Job)]);
        return runner;
    }

    private void Start(JobNode node, Instruction instruction)
    {
        _ = Runner();
        node.State = NodeState.Running;
        node.Attempts = instruction.Attempt;
        active++;
        starts++;
        isStalled = false;
        var execution = new Execution(node, instruction, folder.LogOf(node.Job), kill.Token) { Machine = machines.Count > 0 ? machines[machineOf[instruction.Worker]] : null, KeepsContent = node.IsSettled };
        running[node] = execution;
        _ = Task.Run(() => ExecuteAsync(execution));
    }

    private async Task ExecuteAsync(Execution execution)
    {
        RecordedFile[]? made = null;
        ActionResult result;
        try
        {
            (result, made) = await AttemptAsync(execution).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            result = new ActionResult(error, TimeSpan.Zero) { IsLost = error is MachineLostException };
        }

        execution.Result = result;
        // Ahead of all that needs it: a run that is killed goes on behind what it has recorded.
        if (made is not null) await RecordSuccessAsync(execution, made).ConfigureAwait(false);
        inbox.Writer.TryWrite(() => End(execution, made));
    }

    private async Task<(ActionResult Result, RecordedFile[]? Made)> AttemptAsync(Execution execution)
    {
        JobNode node = execution.Node;
        Resources resources = execution.Instruction.Resources!;
        using var waits = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, execution.Token);
        using CoreLease lease = await share!.TakeAsync(resources.Cores, resources.Memory, waits.Token).ConfigureAwait(false);
        using CancellationTokenRegistration unplaced = PoolOnSlurm is not null ? stop.Token.UnsafeRegister(static execution => ((Execution)execution!).GiveUpWaiting(), execution) : default;
        if (PoolOnSlurm is null) NoteStart(execution);
        Attempt attempt = workspace.Open(node);
        ActionResult result = await runner!.RunAsync(CallOf(execution, attempt), execution.Token).ConfigureAwait(false);
        if (result.Error is not null)
        {
            attempt.Discard(isLost: result.IsLost);
            return (result, null);
        }

        try
        {
            RecordedFile[] made = Definition.MakesFiles(node.Job) ? attempt.Commit() : [];
            if (attempt.Undeclared.Count + result.Undeclared.Count > 0) Warn($"'{node.Job.Id}' wrote {string.Join(", ", attempt.Undeclared.Concat(result.Undeclared).Select(each => $"'{each}'"))} beside its output, which is lost. Declare it as an output: graph.Files(…).");
            return (result, made);
        }
        catch (Exception error) when (error is LeatException or IOException or UnauthorizedAccessException)
        {
            attempt.Discard();
            return (result with { Error = error }, null);
        }
    }

    private ActionCall CallOf(Execution execution, Attempt attempt)
    {
        JobNode node = execution.Node;
        Resources resources = execution.Instruction.Resources!;
        TimeSpan? timeout = node.Job.Options.Timeout;
        if (resources.WallTime is { } wall && !(timeout < wall)) timeout = wall;
        List<Job> loads = LoadsOf(node);
        bool isElsewhere = options.Files == Files.Transfer && execution.Machine?.Name is not null;
        return new ActionCall(node.Job, execution.Instruction.Attempt, attempt.Paths, execution.Log)
        {
            Loads = loads,
            Incoming = attempt.Incoming,
            Transfer = isElsewhere ? JobFiles.Of(node, loads, graph.StateFolder) : null,
            Inputs = node.Job.Kind == JobKind.Final ? null : node.Inputs.Select(edge => edge.Node.Job.Id.Text).ToHashSet(StringComparer.Ordinal),
            Machine = execution.Machine,
            Resources = resources,
            Placed = PoolOnSlurm is not null ? place => OnPlaced(execution, place) : null,
            Variables = execution.Instruction.Gpus is { Count: > 0 } gpus ? new Dictionary<string, string> { [Gpus.Variable] = string.Join(",", gpus.Select(index => NamesOfGpus(execution.Machine)[index])) } : new Dictionary<string, string>(),
            Timeout = timeout,
            Memory = node.Job.Options.Resources.Memory > 0 ? resources.Memory : null,
        };
    }

    // A machine that was lost meanwhile has none, and won't run it.
    private static IReadOnlyList<string> NamesOfGpus(IMachine? machine) => machine is null ? Gpus.Names : machine.Gpus is { Count: > 0 } names ? names : throw RemoteErrors.MachineLost(machine.Name ?? "", "");

    // What must be loaded for a job, each behind what it needs.
    private static List<Job> LoadsOf(JobNode node)
    {
        List<Job> loads = [];
        if (!Array.Exists(node.Inputs, edge => edge.Node.Job.Kind == JobKind.Load)) return loads;
        var seen = new HashSet<JobNode>();
        var stack = new Stack<(JobNode Node, bool IsBehind)>();
        stack.Push((node, false));
        while (stack.TryPop(out (JobNode Node, bool IsBehind) each))
        {
            if (each.IsBehind)
            {
                loads.Add(each.Node.Job);
                continue;
            }

            if (each.Node != node)
            {
                if (!seen.Add(each.Node)) continue;
                stack.Push((each.Node, true));
            }

            foreach (NodeEdge edge in each.Node.Inputs)
            {
                if (edge.Node.Job.Kind == JobKind.Load) stack.Push((edge.Node, false));
            }
        }

        return loads;
    }

    private void End(Execution execution, RecordedFile[]? made)
    {
        JobNode node = execution.Node;
        active--;
        running.TryRemove(node, out _);
        execution.Dispose();
        ActionResult result = execution.Result!;
        node.Time = result.Time;
        node.Log = result.HasLog ? execution.Log : node.Log;
        node.Machine = result.Machine;
        (int task, int attempt) = (execution.Instruction.Task, execution.Instruction.Attempt);
        if (made is not null)
        {
            scheduler.Succeeded(task, attempt);
            if (!execution.KeepsContent && node.Job.Kind != JobKind.Final) OutOfDate.Take(node, [.. made.Select(each => each.Content)]);

            node.Error = null;
            run.Succeeded(node);
            return;
        }

        if (execution.IsKilled)
        {
            node.Error = JobErrors.Killed(node.Job);
            scheduler.Cancel(task);
        }
        else if (stop.IsCancellationRequested && result.Error is OperationCanceledException)
        {
            run.Cancel(node);
            scheduler.Cancel(task);
        }
        else if (result.IsLost)
        {
            EndLost(execution);
            return;
        }
        else if (result.IsFinal)
        {
            node.Error = result.Error;
            scheduler.Cancel(task);
        }
        else
        {
            node.Error = result.Error;
        }

        scheduler.Failed(task, attempt, result.Cause);
        // There will be no further attempt.
        if (stopping && !node.IsOver) GiveUp(node);
    }

    private void StartMaker(JobNode node)
    {
        makerRuns = true;
        active++;
        node.State = NodeState.Running;
        node.Attempts = 1;
        List<Job> loads = LoadsOf(node);
        if (loads.Count > 0) _ = Runner();
        events.Tell(new JobStarted(Now, node.Job.Id, 1));
        _ = Task.Run(() => MakeAsync(node, loads));
    }

    private async Task MakeAsync(JobNode node, List<Job> loads)
    {
        long started = TimeProvider.System.GetTimestamp();
        Exception? error;
        try
        {
            ConcurrentDictionary<string, object> values = loads.Count == 0 ? [] : await runner!.LoadHereAsync(loads, kill.Token).ConfigureAwait(false);
            error = await Maker.RunAsync(node.Job, values, kill.Token).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            // A load of its.
            error = thrown;
        }

        node.Time = TimeProvider.System.GetElapsedTime(started);
        inbox.Writer.TryWrite(() => EndMaker(node, error));
    }

    private void EndMaker(JobNode maker, Exception? error)
    {
        active--;
        makerRuns = false;
        try
        {
            if (error is null) Grow(maker);
        }
        catch (LeatException refused)
        {
            // A circle, an input that is an output: as if the maker had failed.
            error = refused;
        }

        if (stop.IsCancellationRequested && error is OperationCanceledException)
        {
            // It waited for a value to be loaded; that is no failure of its own.
            run.Cancel(maker);
            return;
        }

        maker.Error = error;
        if (error is not null)
        {
            GiveUp(maker);
            return;
        }

        maker.Content = maker.Code;
        run.Succeeded(maker);
    }

    private void Grow(JobNode maker)
    {
        List<JobNode> waiting = [.. maker.Dependants.Where(node => node.State == NodeState.Waiting).Distinct()];
        setup.Grow(maker, waiting);
        if (capacity is not null) Expect(run.Fresh);
        run.Begin();
        waiting.ForEach(run.GiveUpIfLost);
        RecordSeen();
    }

    private async ValueTask CloseRunnersAsync()
    {
        if (runner is not null)
        {
            // Where a job failed, or the run was stopped, what it would have let go of is still there.
            foreach (JobNode node in run.Nodes.Where(node => node.Job.Kind == JobKind.Load)) runner.Unload(node.Job);
            await runner.DisposeAsync().ConfigureAwait(false);
        }

        PoolOfMachines?.Watchers?.Remove(this);
        if (share is not null) await share.DisposeAsync().ConfigureAwait(false);
        if (ownPool is not null) await ownPool.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>An attempt that goes on.</summary>
    private sealed class Execution(JobNode node, Instruction instruction, string log, CancellationToken kill) : IDisposable
    {
        private readonly CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(kill);
        private readonly Lock gate = new();

        public JobNode Node => node;

        public Instruction Instruction => instruction;

        public string Log => log;

        public CancellationToken Token => source.Token;

        /// <summary>When it began; null while it waits for the machine.</summary>
        public DateTimeOffset? Started { get; private set; }

        /// <summary>Where it was placed by others than Leat; null before that, and where Leat does that.</summary>
        public string? Place { get; set; }

        /// <summary>True when only its files are made again: it counts by what it left before.</summary>
        public bool KeepsContent { get; init; }

        /// <summary>The machine that it was given to; null where there is one only.</summary>
        public IMachine? Machine { get; init; }

        public bool IsKilled { get; private set; }

        public ActionResult? Result { get; set; }

        /// <summary>It begins. False if that is known already.</summary>
        public bool TryStart(DateTimeOffset now)
        {
            lock (gate)
            {
                if (Started is not null) return false;
                Started = now;
                return true;
            }
        }

        /// <summary>Ends it if it has not begun.</summary>
        public void GiveUpWaiting()
        {
            if (Started is null) source.Cancel();
        }

        public void Kill()
        {
            IsKilled = true;
            source.Cancel();
        }

        public void Dispose() => source.Dispose();
    }
}
