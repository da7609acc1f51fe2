using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Finds out what a run would do, by the rules of the run, but without what only running tells: by which digests outputs will count.</summary>
/// <remarks>
/// Generators and injectors whose inputs are up to date are run, because what they make belongs to the graph in every run; others
/// leave it open what will be there.
/// </remarks>
internal sealed class Planner : IRunEffects
{
    private readonly RunGraph run;
    private readonly RunSetup setup;
    private readonly JobFacts facts;
    private readonly Dictionary<JobNode, Planned> planned = [];
    private readonly List<JobNode> order = [];
    private readonly Queue<JobNode> free = new();
    private readonly Dictionary<JobNode, int> unplanned = [];
    private readonly List<string> warnings = [];

    public Planner(JobGraph graph, ILedgerReader ledger)
    {
        run = new RunGraph(this);
        setup = new RunSetup(graph, run);
        facts = new JobFacts(graph, ledger);
        warnings.AddRange(ledger.Warnings.Select(warning => warning.Message));
    }

    /// <summary>Makes the plan.</summary>
    /// <exception cref="LeatException">The graph can't run.</exception>
    public async Task<RunPlan> PlanAsync(IReadOnlyCollection<IJobInput> targets)
    {
        setup.Take(targets);
        setup.Begin(facts);
        TakeFresh();
        while (free.TryDequeue(out JobNode? node))
        {
            order.Add(node);
            planned[node] = node.Job.Kind == JobKind.Final ? new Planned(PlannedState.NotNeeded, [], IsKnown: true) : Plan(node);
            if (node.IsMaker) await MakeAsync(node).ConfigureAwait(false);
            foreach (JobNode dependant in node.Dependants)
            {
                if (unplanned.TryGetValue(dependant, out int count) && (unplanned[dependant] = count - 1) == 0) free.Enqueue(dependant);
            }
        }

        PlanFinals();
        Demand();
        return new RunPlan([.. order.Select(node => new PlannedJob(node.Job, planned[node].State, [.. planned[node].Reasons], node.Expected > TimeSpan.Zero ? node.Expected : null))], warnings);
    }

    /// <summary>The node of a job, and whether everything that it needs is as it will be.</summary>
    public (JobNode Node, IReadOnlyList<JobId> Unknown) Find(Job job)
    {
        JobNode node = setup.NodeOf(job);
        return (node, [.. node.Inputs.Where(edge => !planned[edge.Node].IsKnown).Select(edge => edge.Node.Job.Id)]);
    }

    void IRunEffects.Queue(JobNode node) => throw new NotSupportedException();

    void IRunEffects.Ended(JobNode node) => throw new NotSupportedException();

    void IRunEffects.Remove(JobNode node) => throw new NotSupportedException();

    void IRunEffects.Unload(JobNode node) => throw new NotSupportedException();

    Exception? IRunEffects.Refuse(JobNode node) => null;

    private void TakeFresh()
    {
        foreach (JobNode node in run.Fresh)
        {
            int left = node.Inputs.Count(edge => !planned.ContainsKey(edge.Node));
            unplanned[node] = left;
            if (left == 0) free.Enqueue(node);
        }

        run.Fresh.Clear();
    }

    private Planned Plan(JobNode node)
    {
        if (node.Error is { } error) return new Planned(PlannedState.WillRun, [new JobReason(JobReasonKind.NeverRan, "", error.Message)], IsKnown: false);
        if (node.IsInvariant) return new Planned(PlannedState.UpToDate, [], IsKnown: true);
        List<JobReason> open = [.. node.Inputs.Where(edge => !planned[edge.Node].IsKnown).Select(edge => new JobReason(JobReasonKind.InputMayChange, OutOfDate.NameOf(edge)))];
        if (node.IsMaker)
        {
            node.Content = node.Code;
            return new Planned(PlannedState.WillRun, [new JobReason(JobReasonKind.EveryRun)], IsKnown: open.Count == 0);
        }

        if (node.Job.Kind == JobKind.Load)
        {
            if (open.Count == 0) node.Content = OutOfDate.ContentOfLoad(node);
            return new Planned(PlannedState.NotNeeded, [], open.Count == 0);
        }

        List<JobReason> reasons = OutOfDate.Reasons(node, input => planned[input].IsKnown);
        // What an injector has not said yet is no dependency that is gone.
        if (Array.Exists(node.Inputs, edge => edge.Node.Job.Kind == JobKind.Inject && !planned[edge.Node].IsKnown)) reasons.RemoveAll(reason => reason.Kind == JobReasonKind.InputRemoved);
        bool isAbsent = reasons.TrueForAll(OutOfDate.IsOfOutput);
        node.IsPresent = reasons.Count == 0;
        if (reasons.Count > 0 && !(node.IsOnDemand && isAbsent && !node.IsTarget)) return new Planned(PlannedState.WillRun, reasons, IsKnown: false);
        if (open.Count > 0) return new Planned(PlannedState.MayRun, open, IsKnown: false);
        OutOfDate.TakeRecorded(node);
        return new Planned(node.IsPresent ? PlannedState.UpToDate : PlannedState.NotNeeded, [], IsKnown: true);
    }

    private async Task MakeAsync(JobNode maker)
    {
        // What a run would make for it, a plan does not: temporary files, values.
        if (!planned[maker].IsKnown || maker.Inputs.Any(edge => edge.Node.IsOnDemand && !edge.Node.IsPresent))
        {
            warnings.Add($"'{maker.Job.Id}' is not run for a plan, because what it depends on is yet to be made: there may be more jobs.");
            planned[maker] = planned[maker] with { IsKnown = false };
            return;
        }

        List<JobNode> waiting = [.. maker.Dependants.Where(node => node.IsWanted && !planned.ContainsKey(node)).Distinct()];
        Exception? error = await Task.Run(() => Maker.RunAsync(maker.Job, [], CancellationToken.None)).ConfigureAwait(false);
        if (error is not null)
        {
            warnings.Add($"'{maker.Job.Id}' failed: {error.Message}");
            planned[maker] = planned[maker] with { IsKnown = false };
            return;
        }

        setup.Grow(maker, waiting);
        // What it has injected comes before those that wait for it.
        foreach (JobNode node in waiting) unplanned[node] = node.Inputs.Count(edge => !planned.ContainsKey(edge.Node) || edge.Node == maker);
        TakeFresh();
    }

    // Who runs has its temporary files made, and its values computed.
    private void Demand()
    {
        var stack = new Stack<(JobNode Node, JobNode For, PlannedState State)>();
        foreach (JobNode node in order)
        {
            if (planned[node].State is PlannedState.WillRun or PlannedState.MayRun) stack.Push((node, node, planned[node].State));
        }

        while (stack.TryPop(out (JobNode Node, JobNode For, PlannedState State) each))
        {
            foreach (NodeEdge edge in each.Node.Inputs)
            {
                JobNode input = edge.Node;
                if (!input.IsOnDemand) continue;
                if (input.Job.Kind == JobKind.Load)
                {
                    stack.Push((input, each.For, each.State));
                    continue;
                }

                if (input.IsPresent || planned[input].State == PlannedState.WillRun || planned[input].State == each.State) continue;
                planned[input] = planned[input] with { State = each.State, Reasons = [new JobReason(JobReasonKind.Needed, each.For.Job.Id.Text), .. planned[input].Reasons] };
                stack.Push((input, input, each.State));
            }
        }
    }

    private void PlanFinals()
    {
        List<JobNode> finals = order.FindAll(node => node.Job.Kind == JobKind.Final);
        if (finals.Count == 0) return;
        // What is there in the end is not known where a maker is yet to say it.
        bool anything = order.Exists(node => node.IsMaker ? !planned[node].IsKnown : planned[node].State is PlannedState.WillRun or PlannedState.MayRun);
        foreach (JobNode node in finals)
        {
            order.Remove(node);
            order.Add(node);
            node.Content = OutOfDate.ContentOfAll(order);
            List<JobReason> reasons = anything && node.Record is not null ? [new JobReason(JobReasonKind.InputMayChange, "everything")] : OutOfDate.ReasonsOfFinal(node);
            PlannedState state = reasons.Count == 0 ? PlannedState.UpToDate : anything && node.Record is not null ? PlannedState.MayRun : PlannedState.WillRun;
            planned[node] = new Planned(state, reasons, IsKnown: true);
        }
    }

    private sealed record Planned(PlannedState State, List<JobReason> Reasons, bool IsKnown);
}
