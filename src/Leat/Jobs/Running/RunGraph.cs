namespace Leat.Jobs;

/// <summary>
/// The jobs of a run, and what is known of each: decides which must run, and in which order they can. It reads no file and runs nothing: it is told
/// what has happened, and says by <see cref="IRunEffects"/> what is to be done. Not safe for several threads. Nothing in it is recursive.
/// </summary>
internal sealed partial class RunGraph(IRunEffects effects)
{
    private readonly List<JobNode> nodes = [];
    private readonly Queue<JobNode> decidable = new();
    private readonly Stack<JobNode> stack = new();

    /// <summary>All nodes; that of a job is at the job's place.</summary>
    public IReadOnlyList<JobNode> Nodes => nodes;

    /// <summary>Wanted jobs that have not ended, or been decided not to run.</summary>
    public int Open { get; private set; }

    /// <summary>True when every wanted job has ended, or was found not to have to run.</summary>
    public bool IsSettled => Open == 0;

    /// <summary>Wanted jobs that are work.</summary>
    public int Wanted { get; private set; }

    /// <summary>True when a job has failed.</summary>
    public bool HasFailures { get; private set; }

    /// <summary>Takes in jobs that are new in the graph, and edges that are new at jobs that it knows.</summary>
    /// <param name="jobs">All jobs.</param>
    /// <param name="changed">Known jobs that may have new edges.</param>
    /// <returns>The nodes of the new jobs.</returns>
    public List<JobNode> Grow(List<Job> jobs, IEnumerable<JobNode> changed)
    {
        List<JobNode> added = [];
        for (int i = nodes.Count; i < jobs.Count; i++)
        {
            jobs[i].Index = i;
            added.Add(new JobNode(jobs[i]));
            nodes.Add(added[^1]);
        }

        foreach (JobNode node in added) Connect(node);
        foreach (JobNode node in changed) Connect(node);
        return added;
    }

    /// <summary>A circle of dependencies among nodes, or null; the first node comes again at the end.</summary>
    /// <param name="among">Where to look: every circle that is new has one of these.</param>
    public static List<JobNode>? FindCycle(IReadOnlyCollection<JobNode> among)
    {
        // Kahn: who has no inputs among the rest goes, until nobody does. The mark is one more than the number of those inputs.
        foreach (JobNode node in among) node.Mark = 1;
        var free = new Stack<JobNode>();
        foreach (JobNode node in among)
        {
            foreach (NodeEdge edge in node.Inputs)
            {
                if (edge.Node.Mark > 0) node.Mark++;
            }

            if (node.Mark == 1) free.Push(node);
        }

        int left = among.Count;
        while (free.TryPop(out JobNode? node))
        {
            left--;
            node.Mark = 0;
            foreach (JobNode dependant in node.Dependants)
            {
                if (dependant.Mark > 1 && --dependant.Mark == 1) free.Push(dependant);
            }
        }

        if (left == 0) return null;
        // Each of these has an input that is left: along those one comes back.
        List<JobNode> path = [];
        var places = new Dictionary<JobNode, int>();
        JobNode at = among.Where(node => node.Mark > 0).MinBy(node => node.Job.Index)!;
        while (places.TryAdd(at, path.Count))
        {
            path.Add(at);
            at = Array.Find(at.Inputs, edge => edge.Node.Mark > 0).Node;
        }

        foreach (JobNode node in among) node.Mark = 0;
        return [.. path.Skip(places[at]), at];
    }

    /// <summary>These jobs are wanted, and so is all that they need.</summary>
    public void Want(IEnumerable<JobNode> roots)
    {
        List<JobNode> wanted = [];
        foreach (JobNode root in roots) stack.Push(root);
        while (stack.TryPop(out JobNode? node))
        {
            if (node.IsWanted) continue;
            node.IsWanted = true;
            if (node.IsWork) Wanted++;
            wanted.Add(node);
            foreach (NodeEdge edge in node.Inputs) stack.Push(edge.Node);
        }

        Fresh.AddRange(wanted);
    }

    /// <summary>Nodes that are wanted and whose facts are yet to be found out, before <see cref="Begin"/>.</summary>
    public List<JobNode> Fresh { get; } = [];

    /// <summary>Begins with the fresh nodes, whose facts are known now.</summary>
    public void Begin()
    {
        foreach (JobNode node in Fresh)
        {
            node.State = NodeState.Waiting;
            if (node.Counts) Open++;
            foreach (NodeEdge edge in node.Inputs) Attach(node, edge.Node);
            if (node.Unsettled == 0) decidable.Enqueue(node);
        }

        foreach (JobNode node in Fresh) GiveUpIfLost(node);
        Fresh.Clear();
        DecideAll();
    }

    /// <summary>A job that waits has new inputs, which have begun: it can't be decided if one of them was lost before it was known by what that counts.</summary>
    public void GiveUpIfLost(JobNode node)
    {
        if (node.State == NodeState.Waiting && Array.Find(node.Inputs, edge => IsLost(edge.Node) && !edge.Node.IsSettled).Node is { } lost) GiveUp(node, lost);
    }

    private static bool IsLost(JobNode node) => node.State is NodeState.Failed or NodeState.Upstream or NodeState.Cancelled;

    // A wanted node may need another's files.
    private void Attach(JobNode node, JobNode input)
    {
        if (!input.IsSettled) node.Unsettled++;
        input.OpenDependants++;
        // What was let go of is needed again, and so is all from which it is made.
        stack.Push(input);
        while (stack.TryPop(out JobNode? each))
        {
            if (!each.IsDone || !each.IsOnDemand || (each.Job.Kind != JobKind.Load && each.IsPresent)) continue;
            each.IsDone = false;
            foreach (NodeEdge edge in each.Inputs)
            {
                edge.Node.OpenDependants++;
                stack.Push(edge.Node);
            }
        }
    }

    // Sets the inputs of a node that is new, or adds those that are new to one that waits.
    private void Connect(JobNode node)
    {
        List<JobEdge> edges = node.Job.Edges;
        if (edges.Count == node.Inputs.Length) return;
        NodeEdge[] inputs = new NodeEdge[edges.Count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = NodeEdge.Of(nodes[edges[i].Job.Index], edges[i].Output);
        HashSet<string>? known = node.Inputs.Length == 0 ? null : new HashSet<string>(node.Inputs.Select(each => each.Key), StringComparer.Ordinal);
        foreach (NodeEdge edge in inputs)
        {
            if (known?.Contains(edge.Key) == true) continue;
            edge.Node.AddDependant(node);
            // It has begun, without this one.
            if (node.State == NodeState.Waiting) Attach(node, edge.Node);
        }

        if (inputs.Length > 1) Array.Sort(inputs, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        node.Inputs = inputs;
    }
}

/// <summary>What a <see cref="RunGraph"/> wants done.</summary>
internal interface IRunEffects
{
    /// <summary>A job is to run, and all that it needs is there.</summary>
    void Queue(JobNode node);

    /// <summary>A job has ended, or was found not to have to run.</summary>
    void Ended(JobNode node);

    /// <summary>Nobody needs a temporary file any more.</summary>
    void Remove(JobNode node);

    /// <summary>Nobody needs a loaded value any more.</summary>
    void Unload(JobNode node);

    /// <summary>Whether a job that must run may; else it fails with the error.</summary>
    Exception? Refuse(JobNode node);
}
