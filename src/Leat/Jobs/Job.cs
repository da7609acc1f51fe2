using System.Diagnostics;
using Leat.Jobs;

namespace Leat;

/// <summary>A piece of work in a <see cref="JobGraph"/>, or something that work depends on. Jobs are made by the methods of the graph.</summary>
[DebuggerDisplay("{Id.Text,nq} ({Kind})")]
public abstract class Job : IJobInput
{
    // With fewer it is quicker to look at all.
    private const int FewEdges = 16;

    private static readonly List<JobEdge> None = [];

    private List<JobEdge>? inputs;
    private HashSet<JobEdge>? manyInputs;

    private protected Job(JobGraph? graph, JobId id, JobKind kind, JobOptions? options)
    {
        Graph = graph;
        Id = id;
        Kind = kind;
        Options = options ?? JobOptions.Default;
    }

    /// <summary>Its name, unique in the graph.</summary>
    public JobId Id { get; }

    /// <summary>What it is.</summary>
    public JobKind Kind { get; }

    /// <summary>How it is run.</summary>
    public JobOptions Options { get; }

    /// <summary>What it depends on, in the order in which that was said.</summary>
    public IReadOnlyList<IJobInput> Inputs => [.. Edges.Select(each => each.Output < 0 ? (IJobInput)each.Job : new JobOutput(each.Job, each.Output))];

#pragma warning disable CA1033 // Nobody derives from a job but the library, which has no need of these.
    Job IJobInput.Job => this;

    int IJobInput.Output => -1;
#pragma warning restore CA1033

    // Null in a job that has come to another process.
    internal JobGraph? Graph { get; }

    // Changed by the methods below alone.
    internal List<JobEdge> Edges => inputs ?? None;

    internal bool IgnoresCode { get; private set; }

    // The generator that made it.
    internal Job? Maker { get; set; }

    // Its place among the graph's jobs.
    internal int Index { get; set; }

    /// <summary>What it does; null for what is only looked at.</summary>
    internal virtual JobBody? Body => null;

    /// <summary>The names of its outputs, and their paths; empty where it makes no files.</summary>
    internal virtual OutputPaths Outputs => OutputPaths.None;

    /// <summary>Who depends on it when the author says that this job depends on something: the data of a plot, for one.</summary>
    internal virtual Job Dependant => this;

    internal bool HasEdge(JobEdge edge) => manyInputs?.Contains(edge) ?? inputs?.Contains(edge) == true;

    internal void AddEdge(JobEdge edge)
    {
        (inputs ??= new List<JobEdge>(1)).Add(edge);
        if (manyInputs is not null) manyInputs.Add(edge);
        else if (inputs.Count > FewEdges) manyInputs = [.. inputs];
    }

    internal void RemoveEdge(JobEdge edge)
    {
        inputs?.Remove(edge);
        manyInputs?.Remove(edge);
    }

    internal virtual void IgnoreCode() => IgnoresCode = true;

    /// <summary>Its name.</summary>
    public override string ToString() => Id.Text;
}

/// <summary>That a job depends on another, or on one of its outputs.</summary>
/// <param name="Job">The other one.</param>
/// <param name="Output">Which of its outputs; -1 for all.</param>
internal readonly record struct JobEdge(Job Job, int Output);

