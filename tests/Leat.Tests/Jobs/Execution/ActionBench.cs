using System.Collections.Immutable;
using Leat.Jobs;

namespace Leat.Tests.Jobs.Execution;

/// <summary>A graph in a folder of its own, and what an engine would ask of those who run its actions.</summary>
internal sealed class ActionBench : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private int calls;

    public ActionBench() => Graph = new JobGraph(new JobGraphOptions { Folder = folder.Path });

    public JobGraph Graph { get; }

    public string this[string relative] => folder[relative];

    public string Read(string relative) => File.ReadAllText(folder[relative]);

    /// <summary>A call of a job's action, with its loads, which writes to the job's own paths.</summary>
    public ActionCall Call(Job job) => new(job, 1, job.Outputs, folder[$"logs/{Interlocked.Increment(ref calls)}.log"])
    {
        Inputs = job.Edges.Select(edge => edge.Job.Id.Text).ToImmutableHashSet(),
        Loads = LoadsOf(job),
    };

    public void Dispose() => folder.Dispose();

    private static List<Job> LoadsOf(Job job)
    {
        List<Job> loads = [];
        foreach (JobEdge edge in job.Edges.Where(edge => edge.Job.Kind == JobKind.Load)) loads.AddRange(LoadsOf(edge.Job).Append(edge.Job));
        return [.. loads.Distinct()];
    }
}
