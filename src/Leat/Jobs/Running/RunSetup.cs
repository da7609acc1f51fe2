namespace Leat.Jobs;

/// <summary>Takes jobs into a run, or into the plan of one: checks them, and finds out what there is to know.</summary>
internal sealed class RunSetup(JobGraph graph, RunGraph run)
{
    private JobFacts facts = null!;
    private bool wantsAll;

    /// <summary>Takes in the whole graph, for which no records are needed. What is wanted is <see cref="RunGraph.Fresh"/> then.</summary>
    /// <param name="targets">What is wanted; empty for everything.</param>
    /// <exception cref="LeatException">There is a circle, an input that is an output, or a target of another graph.</exception>
    public void Take(IReadOnlyCollection<IJobInput> targets)
    {
        run.Grow(graph.All, []);
        Check(run.Nodes);
        foreach (IJobInput target in targets) NodeOf(target.Job).IsTarget = true;
        wantsAll = targets.Count == 0 || run.Nodes.Any(node => node.IsTarget && node.Job.Kind == JobKind.Final);
        run.Want(run.Nodes.Where(node => node.IsTarget || (wantsAll && node.IsEager)));
    }

    /// <summary>Finds out about what is wanted.</summary>
    /// <param name="from">What finds it out, also of jobs that come later.</param>
    /// <exception cref="LeatException">Input files are missing.</exception>
    public void Begin(JobFacts from)
    {
        facts = from;
        facts.Find(run.Fresh);
        if (facts.Missing.Count > 0) throw MissingInputs();
    }

    /// <summary>Takes in what a maker has made. What is wanted of it is <see cref="RunGraph.Fresh"/> then.</summary>
    /// <param name="maker">The maker.</param>
    /// <param name="waiting">The jobs that wait for it, which may have new inputs.</param>
    /// <exception cref="LeatException">There is a circle, or an input that is an output.</exception>
    public void Grow(JobNode maker, List<JobNode> waiting)
    {
        // Those that nobody wants so far may come to be wanted, and then need what they were given here.
        List<JobNode> added = run.Grow(graph.All, [.. waiting, .. maker.Dependants.Where(node => !node.IsWanted).Distinct()]);
        // An injected dependency may lead back through jobs that were there before.
        Check(maker.Job.Kind == JobKind.Inject ? run.Nodes : added);
        run.Want(wantsAll || maker.IsTarget ? added.Where(node => node.IsEager) : []);
        run.Want(waiting.SelectMany(node => node.Inputs.Select(edge => edge.Node)));
        facts.Find(run.Fresh);
        foreach (JobNode node in run.Fresh)
        {
            if (facts.Missing.FirstOrDefault(each => each.Node == node).Path is { } path) node.Error = JobErrors.MissingInputs([(path, [.. node.Dependants.Select(user => user.Job.Id)])]);
        }
    }

    /// <summary>The node of a job that is a target.</summary>
    /// <exception cref="LeatException">It is none of this graph.</exception>
    public JobNode NodeOf(Job job) =>
        job.Graph == graph && job.Index < run.Nodes.Count && run.Nodes[job.Index].Job == job ? run.Nodes[job.Index] : throw JobErrors.ForeignTarget(job);

    private void Check(IReadOnlyCollection<JobNode> added)
    {
        if (RunGraph.FindCycle(added) is { } cycle) throw JobErrors.Cycle([.. cycle.Select(node => node.Job.Id.Text)]);
        foreach (JobNode node in added)
        {
            if (node.Job.Kind is not (JobKind.InputFile or JobKind.InputFiles)) continue;
            foreach (string path in node.Job.Outputs)
            {
                if (graph.MakerOf(path) is { } maker) throw JobErrors.InputIsOutput(node.Job, maker);
            }
        }
    }

    private LeatException MissingInputs() => JobErrors.MissingInputs([.. facts.Missing
        .GroupBy(each => each.Path, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (group.Key, (IReadOnlyList<JobId>)[.. group.SelectMany(each => each.Node.Dependants).Where(user => user.IsWanted).Select(user => user.Job.Id).Distinct()]))]);
}
