using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading.Channels;
using Leat.Scheduling;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// Runs a graph: finds out what there is to know, lets <see cref="RunGraph"/> say what must run and <see cref="Scheduler"/> when, and does it.
/// </summary>
/// <remarks>All that they know is touched by one flow of control alone, to which others post what has happened.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Sources of cancellation without timers hold nothing, and others may use them behind the end of the run.")]
internal sealed partial class RunEngine : IRunEffects
{
    private readonly JobGraph graph;
    private readonly RunOptions options;
    private readonly RunGraph run;
    private readonly RunSetup setup;
    private readonly Channel<Action> inbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<Instruction> instructions = [];
    private readonly Scheduler scheduler;
    private readonly List<JobNode> tasks = [];
    private readonly Queue<JobNode> makers = new();
    private readonly CancellationTokenSource kill = new();
    private readonly CancellationTokenSource stop = new();
    private readonly RunEvents events;
    private readonly RunFolder folder;
    private readonly Workspace workspace;
    private readonly DateTimeOffset began = TimeProvider.System.GetUtcNow();
    private readonly long beganAt = TimeProvider.System.GetTimestamp();
    private ILedgerSession ledger = null!;
    private JobFacts facts = null!;
    private Exception? trouble;
    private int active;
    private bool makerRuns;
    private bool stopping;

    public RunEngine(JobGraph graph, RunOptions options)
    {
        this.graph = graph;
        this.options = options;
        RefuseOnSlurm(options);
        graph.BeginRun();
        Id = string.Create(CultureInfo.InvariantCulture, $"{began.UtcDateTime:yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
        run = new RunGraph(this);
        setup = new RunSetup(graph, run);
        scheduler = new Scheduler(instructions);
        folder = new RunFolder(graph, Id);
        workspace = new Workspace(graph, Id);
        events = new RunEvents(folder, options.Events);
        Completion = Task.Run(RunAsync);
    }

    public string Id { get; }

    public Task<RunReport> Completion { get; }

    /// <summary>Starts nothing more.</summary>
    public void Stop() => inbox.Writer.TryWrite(BeginStop);

    /// <summary>Starts nothing more, and ends what runs.</summary>
    public void Cancel()
    {
        Stop();
        if (!Completion.IsCompleted) kill.Cancel();
    }

    private async Task<RunReport> RunAsync()
    {
        // While the records are read.
        Task taking = Task.Run(() => setup.Take(options.Targets));
        try
        {
            ledger = await graph.Ledger.OpenAsync(new LedgerRun { Id = Id }, kill.Token).ConfigureAwait(false);
            try
            {
                return await RunWithLedgerAsync(taking).ConfigureAwait(false);
            }
            finally
            {
                await ledger.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            inbox.Writer.TryComplete();
            graph.EndRun();
            events.Dispose();
        }
    }

    private async Task<RunReport> RunWithLedgerAsync(Task taking)
    {
        events.Tell(new RunStarted(began, Id, graph.All.Count));
        foreach (LedgerWarning warning in ledger.Warnings) Warn(warning.Message);
        Workspace.RemoveLeftovers(graph);
        facts = new JobFacts(graph, ledger);
        try
        {
            await taking.ConfigureAwait(false);
            Begin();
            await LoopAsync().ConfigureAwait(false);
        }
        finally
        {
            await CloseRunnersAsync().ConfigureAwait(false);
            workspace.Close();
        }

        foreach (JobNode node in run.Nodes) run.Cancel(node);
        if (trouble is not null) throw trouble;
        RunReport report = MakeReport();
        events.Tell(new RunEnded(Now, report));
        return report;
    }

    private void Begin()
    {
        setup.Begin(facts);
        run.Begin();
        RecordSeen();
    }

    // The longest ways behind jobs: those that come last in the order of dependencies first.
    private void Expect(List<JobNode> nodes)
    {
        var left = nodes.ToDictionary(node => node, node => node.Dependants.Count);
        var free = new Stack<JobNode>(left.Where(each => each.Value == 0).Select(each => each.Key));
        while (free.TryPop(out JobNode? node))
        {
            double whole = node.Tail + SecondsOf(node);
            foreach (NodeEdge edge in node.Inputs)
            {
                edge.Node.Tail = Math.Max(edge.Node.Tail, whole);
                if (left.TryGetValue(edge.Node, out int count) && (left[edge.Node] = count - 1) == 0) free.Push(edge.Node);
            }
        }

        foreach (JobNode node in nodes)
        {
            if (node.State is NodeState.Waiting or NodeState.Needed or NodeState.Idle) Interlocked.Add(ref expectedTicks, node.Expected.Ticks);
        }
    }

    // A job of which nothing is known counts as one of a second.
    private static double SecondsOf(JobNode node) => node.IsInvariant ? 0 : node.Expected > TimeSpan.Zero ? node.Expected.TotalSeconds : 1;

    private async Task LoopAsync()
    {
        while (true)
        {
            Advance();
            if (active == 0)
            {
                if (stopping) return;
                bool waits = machines.Count > 0 && makers.Count == 0 && instructions.Count == 0 && scheduler.Open > 0 && WaitForMachines();
                if (!waits)
                {
                    if (HasWork || run.DecideFinals()) continue;
                    if (run.IsSettled) return;
                    throw JobErrors.Stuck(run.Open);
                }
            }

            Action action = await inbox.Reader.ReadAsync().ConfigureAwait(false);
            action();
            while (inbox.Reader.TryRead(out Action? more)) more();
        }
    }

    private bool HasWork => makers.Count > 0 || instructions.Count > 0 || scheduler.Open > 0;

    private void Advance()
    {
        if (stopping) return;
        if (!makerRuns && makers.TryDequeue(out JobNode? maker)) StartMaker(maker);
        scheduler.Schedule();
        // What is done about an instruction may give rise to others.
        for (int i = 0; i < instructions.Count; i++) Follow(instructions[i]);
        instructions.Clear();
        if (machines.Count > 0) AskForMachines();
    }

    private void Follow(Instruction instruction)
    {
        JobNode node = tasks[instruction.Task];
        switch (instruction.Kind)
        {
            case InstructionKind.Start:
                Start(node, instruction);
                break;
            case InstructionKind.Retry:
                events.Tell(new JobRetried(Now, node.Job.Id, instruction.Attempt, node.Error!, instruction.Delay));
                _ = WaitAsync(instruction);
                break;
            case InstructionKind.GiveUp:
                if (instruction.Cause == FailureCause.Impossible) node.Error = JobErrors.Impossible(node.Job, machines.Count > 0 ? LargestMachine() : capacity!, machines.Count > 0);
                if (instruction.Cause == FailureCause.Poisonous) node.Error = JobErrors.Poisonous(node.Job, node.Error!);
                if (!node.IsOver) GiveUp(node);
                break;
        }
    }

    private async Task WaitAsync(Instruction instruction)
    {
        active++;
        await Task.Delay(instruction.Delay, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        inbox.Writer.TryWrite(() =>
        {
            active--;
            scheduler.Due(instruction.Task);
        });
    }

    private void BeginStop()
    {
        stopping = true;
        stop.Cancel();
    }

    private void GiveUp(JobNode node)
    {
        RecordFailure(node);
        run.Failed(node, node.Error!);
        if (!options.KeepGoing) BeginStop();
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private void Warn(string message) => events.Tell(new RunWarning(Now, message));
}
