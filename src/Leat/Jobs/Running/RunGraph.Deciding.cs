using Leat.Encoding;

namespace Leat.Jobs;

// Who is up to date.
internal sealed partial class RunGraph
{
    private JobNode? lostBefore;
    private bool isLast;

    private void DecideAll()
    {
        while (decidable.TryDequeue(out JobNode? node))
        {
            if (node.State == NodeState.Waiting) Decide(node);
        }
    }

    private void Decide(JobNode node)
    {
        if (node.Error is { } error)
        {
            Fail(node, error);
            return;
        }

        switch (node.Job.Kind)
        {
            case JobKind.Final:
                // When everything else has ended.
                return;
            case JobKind.Load:
                node.Content = OutOfDate.ContentOfLoad(node);
                Settle(node);
                return;
            case JobKind.Generate or JobKind.Inject:
                node.Reasons = [new JobReason(JobReasonKind.EveryRun)];
                Need(node);
                return;
            case >= JobKind.Parameter:
                Settle(node);
                return;
        }

        if (node.IsIntact && StateMatch.SawTheSame(node))
        {
            node.IsPresent = true;
            Settle(node);
            return;
        }

        List<JobReason> reasons = OutOfDate.Reasons(node);
        if (node.IsOnDemand)
        {
            bool isAbsent = reasons.TrueForAll(OutOfDate.IsOfOutput);
            node.IsPresent = reasons.Count == 0;
            if (isAbsent && (node.IsPresent || !node.IsTarget))
            {
                OutOfDate.TakeRecorded(node);
                Settle(node);
                return;
            }
        }

        if (reasons.Count == 0)
        {
            OutOfDate.TakeRecorded(node);
            Settle(node);
            return;
        }

        node.Reasons = reasons;
        Need(node);
    }

    // It is known by which digest it counts.
    private void Settle(JobNode node)
    {
        if (node.State == NodeState.Waiting)
        {
            node.State = NodeState.Settled;
            if (node.Counts) Open--;
            effects.Ended(node);
        }

        node.IsSettled = true;
        foreach (JobNode dependant in node.Dependants)
        {
            if (dependant.State == NodeState.Waiting && --dependant.Unsettled == 0) decidable.Enqueue(dependant);
        }

        MarkIfDone(node);
    }

    /// <summary>The jobs that come last, once everything else has ended.</summary>
    /// <returns>False if there are none, or they have been through.</returns>
    public bool DecideFinals()
    {
        bool any = false;
        // They come in rounds, as some need others; whether all else succeeded is the same question in each.
        if (!isLast) lostBefore = HasFailures ? nodes.Find(node => node.State == NodeState.Failed) : null;
        isLast = true;
        Digest? everything = null;
        foreach (JobNode node in nodes)
        {
            if (node.Job.Kind != JobKind.Final || node.State != NodeState.Waiting || node.Unsettled > 0) continue;
            any = true;
            if (lostBefore is not null)
            {
                GiveUp(node, lostBefore);
                continue;
            }

            node.Content = everything ??= OutOfDate.ContentOfAll(nodes);
            List<JobReason> reasons = OutOfDate.ReasonsOfFinal(node);
            if (reasons.Count == 0)
            {
                Settle(node);
                continue;
            }

            node.Reasons = reasons;
            Need(node);
        }

        DecideAll();
        return any;
    }
}
