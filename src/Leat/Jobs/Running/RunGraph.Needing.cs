namespace Leat.Jobs;

// What must be there before a job runs.
internal sealed partial class RunGraph
{
    private readonly Stack<(JobNode Node, JobNode For)> demands = new();

    // A job must run.
    private void Need(JobNode node)
    {
        if (effects.Refuse(node) is { } error)
        {
            Fail(node, error);
            return;
        }

        StartNeeding(node);
        Demand();
    }

    private void StartNeeding(JobNode node)
    {
        node.State = NodeState.Needed;
        // One more than there are, until all of them have been asked for.
        node.Absent = 1;
        demands.Push((node, node));
        foreach (NodeEdge edge in node.Inputs) Ask(edge.Node, node);
    }

    // What is made on demand is asked for, through values that are loaded from it.
    private void Ask(JobNode input, JobNode user)
    {
        if (!input.IsOnDemand || (input.Job.Kind != JobKind.Load && input.IsPresent)) return;
        demands.Push((input, user));
        if (input.Job.Kind != JobKind.Load) user.Absent++;
    }

    private void Demand()
    {
        while (demands.TryPop(out (JobNode Node, JobNode For) demand))
        {
            (JobNode node, JobNode user) = demand;
            if (node == user)
            {
                Arrive(node);
                continue;
            }

            if (node.Job.Kind == JobKind.Load)
            {
                foreach (NodeEdge edge in node.Inputs) Ask(edge.Node, user);
                continue;
            }

            if (node.IsPresent)
            {
                Arrive(user);
                continue;
            }

            (node.Waiters ??= []).Add(user);
            if (IsLost(node))
            {
                Fail(user, node);
                continue;
            }

            if (node.State is not (NodeState.Settled or NodeState.Succeeded)) continue;
            node.Reasons = [.. node.Reasons ?? [], new JobReason(JobReasonKind.Needed, user.Job.Id.Text)];
            if (effects.Refuse(node) is { } error)
            {
                Fail(node, error);
                continue;
            }

            StartNeeding(node);
        }
    }

    // One less is missing.
    private void Arrive(JobNode node)
    {
        if (node.State != NodeState.Needed || --node.Absent > 0) return;
        node.State = NodeState.Queued;
        effects.Queue(node);
    }
}
