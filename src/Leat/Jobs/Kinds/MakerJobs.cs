using Leat.Jobs;

namespace Leat;

/// <summary>A job that makes further jobs, in every run: in the program itself, once all that it depends on is up to date.</summary>
public sealed class GenerateJob : Job
{
    internal GenerateJob(JobGraph graph, JobId id, JobBody body, JobOptions? options)
        : base(graph, id, JobKind.Generate, options) => Body = body;

    internal override JobBody? Body { get; }
}

/// <summary>A job that makes those that depend on it depend on further jobs, in every run and before they run.</summary>
public sealed class InjectJob : Job
{
    internal InjectJob(JobGraph graph, JobId id, JobBody body, JobOptions? options)
        : base(graph, id, JobKind.Inject, options) => Body = body;

    internal override JobBody? Body { get; }
}

/// <summary>A job that runs after everything else, if all of that succeeded and something has changed since it last ran.</summary>
public sealed class FinalJob : Job
{
    internal FinalJob(JobGraph graph, JobId id, JobBody body, JobOptions? options)
        : base(graph, id, JobKind.Final, options) => Body = body;

    internal override JobBody? Body { get; }
}

/// <summary>What the action of an <see cref="InjectJob"/> does it with.</summary>
public sealed class Injection
{
    private readonly Job injector;

    internal Injection(Job injector) => this.injector = injector;

    /// <summary>The jobs that depend on the injector.</summary>
    public IReadOnlyList<Job> Dependants => Dependencies.DependantsOf(injector);

    /// <summary>Makes all jobs that depend on the injector depend on others too.</summary>
    /// <exception cref="LeatException">One of them can't be depended on.</exception>
    public void Add(params ReadOnlySpan<IJobInput> inputs)
    {
        foreach (Job dependant in Dependants)
        {
            foreach (IJobInput input in inputs) Dependencies.AddTo(dependant, input);
        }
    }

    /// <summary>Makes one job that depends on the injector depend on others too.</summary>
    /// <exception cref="LeatException">The job does not depend on the injector, or one of the others can't be depended on.</exception>
    public void Into(Job job, params ReadOnlySpan<IJobInput> inputs)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Edges.Exists(edge => edge.Job == injector)) throw JobErrors.InjectedIntoForeign(injector, job);
        foreach (IJobInput input in inputs) Dependencies.AddTo(job, input);
    }
}
