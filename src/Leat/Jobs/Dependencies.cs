namespace Leat.Jobs;

/// <summary>Adds dependencies to jobs, and refuses those that can't be.</summary>
internal static class Dependencies
{
    /// <summary>The author says that a job depends on something.</summary>
    public static void Add(Job job, IJobInput input) => AddTo(job.Dependant, input);

    /// <summary>Adds a dependency to this very job.</summary>
    public static void AddTo(Job job, IJobInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Job other = input.Job;
        if (other == job) throw JobErrors.DependsOnItself(job);
        if (other.Graph != job.Graph || job.Graph is not { } graph) throw JobErrors.ForeignGraph(job, other);
        if (other.Kind == JobKind.Final && job.Kind != JobKind.Final) throw JobErrors.DependsOnFinal(job, other);
        graph.AddEdge(job, new JobEdge(other, input.Output));
    }

    public static void RefuseWhileRunning(Job job) => job.Graph?.RefuseChange($"The job '{job.Id}' is changed");

    public static IReadOnlyList<Job> DependantsOf(Job injector) => injector.Graph!.DependantsOf(injector);
}
