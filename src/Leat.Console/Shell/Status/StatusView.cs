using System.Collections.Immutable;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>How the graph stands.</summary>
/// <param name="Plan">What a run would do.</param>
/// <param name="Failures">The last records of the jobs that failed when they were last tried, the newest first.</param>
internal sealed record StatusView(PlanView Plan, ImmutableArray<RecordView> Failures)
{
    public static StatusView Of(JobGraph graph, RunPlan plan, IReadOnlyDictionary<string, LedgerRecord> latest)
    {
        List<RecordView> failures = [];
        foreach (PlannedJob job in plan.Jobs)
        {
            if (latest.TryGetValue(job.Job.Id.Text, out LedgerRecord? record) && record.Kind == LedgerKind.Failed) failures.Add(new RecordView(record, graph.FindLog(job.Job.Id)));
        }

        return new StatusView(PlanView.Of(plan), [.. failures.OrderByDescending(each => each.Record.Started)]);
    }
}
