using Leat.Storage;

namespace Leat.Shell;

/// <summary>A graph as it is drawn: nodes by their number, and what each needs.</summary>
/// <param name="Nodes">The jobs.</param>
/// <param name="Edges">Who is needed, and by whom, as numbers of nodes.</param>
internal sealed record GraphView(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges)
{
    /// <summary>The targets with all that they need, or all jobs if there are none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="targets">The jobs that are wanted; empty for all.</param>
    /// <param name="plan">What would become of the jobs; null if that is not known.</param>
    /// <param name="latest">The last record of each job.</param>
    public static GraphView Of(JobGraph graph, IReadOnlyList<Job> targets, RunPlan? plan, IReadOnlyDictionary<string, LedgerRecord> latest)
    {
        List<Job> jobs = [.. targets.Count > 0 ? targets.Distinct() : graph.Jobs];
        Dictionary<Job, int> numbers = [];
        for (int i = 0; i < jobs.Count; i++) numbers.Add(jobs[i], i);
        List<GraphEdge> edges = [];
        // The list grows by what the targets need.
        for (int i = 0; i < jobs.Count; i++)
        {
            foreach (IJobInput input in jobs[i].Inputs)
            {
                if (numbers.TryAdd(input.Job, jobs.Count)) jobs.Add(input.Job);
                edges.Add(new GraphEdge(numbers[input.Job], i, (input as JobOutput)?.Name));
            }
        }

        return new GraphView([.. jobs.Select(job => new GraphNode(job.Id, job.Kind, StateOf(job, plan, latest)))], edges);
    }

    private static GraphState StateOf(Job job, RunPlan? plan, IReadOnlyDictionary<string, LedgerRecord> latest) => plan?[job.Id]?.State switch
    {
        PlannedState.WillRun when latest.TryGetValue(job.Id.Text, out LedgerRecord? record) && record.Kind == LedgerKind.Failed => GraphState.Failed,
        PlannedState.WillRun => GraphState.WillRun,
        PlannedState.MayRun => GraphState.MayRun,
        PlannedState.UpToDate => GraphState.UpToDate,
        PlannedState.NotNeeded => GraphState.NotNeeded,
        _ => GraphState.Unknown,
    };
}

/// <summary>A job in a drawing.</summary>
internal readonly record struct GraphNode(JobId Id, JobKind Kind, GraphState State);

/// <summary>That a job needs another, or one output of it.</summary>
internal readonly record struct GraphEdge(int From, int To, string? Output = null);

/// <summary>How a job stands, in a drawing.</summary>
internal enum GraphState
{
    Unknown,
    UpToDate,
    NotNeeded,
    WillRun,
    MayRun,
    Failed,
}
