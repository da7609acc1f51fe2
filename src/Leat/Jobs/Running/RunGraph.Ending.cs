namespace Leat.Jobs;

// How jobs end.
internal sealed partial class RunGraph
{
    /// <summary>A job has run, and left what it has left: its digests are set.</summary>
    public void Succeeded(JobNode node)
    {
        node.State = NodeState.Succeeded;
        node.IsPresent = true;
        if (node.Counts) Open--;
        effects.Ended(node);
        List<JobNode>? waiters = node.Waiters;
        node.Waiters = null;
        if (!node.IsSettled) Settle(node);
        else MarkIfDone(node);
        foreach (JobNode waiter in waiters ?? []) Arrive(waiter);
        DecideAll();
    }

    /// <summary>A job has failed for good.</summary>
    public void Failed(JobNode node, Exception error)
    {
        Fail(node, error);
        DecideAll();
    }

    /// <summary>The run ends before a job that did not end.</summary>
    public void Cancel(JobNode node)
    {
        if (node.IsOver || node.State is NodeState.Idle or NodeState.Settled) return;
        End(node, NodeState.Cancelled);
    }

    private void Fail(JobNode node, Exception error)
    {
        node.Error = error;
        HasFailures = true;
        End(node, NodeState.Failed);
        Spread(node, node);
    }

    private void Fail(JobNode user, JobNode culprit) => GiveUp(user, culprit.Culprit ?? culprit);

    private void GiveUp(JobNode node, JobNode culprit)
    {
        // The run ends: what is behind this one is cancelled with all the rest.
        if ((culprit.Culprit ?? culprit).State == NodeState.Cancelled)
        {
            End(node, NodeState.Cancelled);
            return;
        }

        node.Culprit = culprit.Culprit ?? culprit;
        End(node, NodeState.Upstream);
        Spread(node, node.Culprit);
    }

    // Whoever needs it can't run; whoever has been found up to date stays so.
    private void Spread(JobNode first, JobNode culprit)
    {
        var lost = new Stack<JobNode>([first]);
        while (lost.TryPop(out JobNode? node))
        {
            IEnumerable<JobNode> victims = node.IsSettled ? node.Waiters ?? [] : node.Dependants.Concat(node.Waiters ?? []);
            foreach (JobNode victim in victims)
            {
                if (!victim.IsWanted || victim.State is not (NodeState.Waiting or NodeState.Needed)) continue;
                victim.Culprit = culprit;
                End(victim, NodeState.Upstream);
                lost.Push(victim);
            }
        }
    }

    private void End(JobNode node, NodeState state)
    {
        node.State = state;
        if (node.Counts) Open--;
        effects.Ended(node);
    }

    // A job that won't need its inputs any more lets go of them: of one that is made on demand nobody may ask for it any more.
    private void MarkIfDone(JobNode first)
    {
        stack.Push(first);
        while (stack.TryPop(out JobNode? node))
        {
            if (node.IsDone || !IsDone(node)) continue;
            node.IsDone = true;
            if (node.IsOnDemand && node.OpenDependants == 0) LetGo(node);
            foreach (NodeEdge edge in node.Inputs)
            {
                JobNode input = edge.Node;
                if (--input.OpenDependants > 0) continue;
                if (input.IsDone && input.IsOnDemand) LetGo(input);
                stack.Push(input);
            }
        }
    }

    private static bool IsDone(JobNode node) =>
        node.IsOnDemand
            ? node.State == NodeState.Succeeded || (node.State == NodeState.Settled && node.OpenDependants == 0)
            : node.State is NodeState.Settled or NodeState.Succeeded;

    private void LetGo(JobNode node)
    {
        if (node.Job.Kind == JobKind.Load)
        {
            effects.Unload(node);
            return;
        }

        if (node.Job.Kind is not (JobKind.TempFile or JobKind.TempFiles) || !node.IsPresent || node.IsTarget) return;
        // Somebody who is not part of this run may need it yet.
        if (node.Dependants.Exists(dependant => !dependant.IsWanted)) return;
        node.IsPresent = false;
        effects.Remove(node);
    }
}
