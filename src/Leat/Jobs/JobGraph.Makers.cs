using System.Runtime.CompilerServices;
using Leat.Jobs;

namespace Leat;

// Jobs that change the graph, and the one that comes last.
public sealed partial class JobGraph
{
    /// <summary>
    /// A job that makes further jobs, from what the jobs that it depends on have made. Its action runs in this program and in every run, so it
    /// should be quick; the jobs that it made in the last run and does not make again are forgotten, with their files kept.
    /// </summary>
    /// <param name="id">The job's name.</param>
    /// <param name="make">Makes jobs of this graph, and lets them depend on what it likes.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public GenerateJob Generate(string id, Action<JobGraph> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return Add(new GenerateJob(this, IdOfText(id), JobBody.Of(make, (_, _) =>
        {
            make(this);
            return default;
        }), null));
    }

    /// <summary>
    /// A job that makes further jobs, from what the jobs that it depends on have made. Its action runs in this program and in every run, so it
    /// should be quick; the jobs that it made in the last run and does not make again are forgotten, with their files kept.
    /// </summary>
    /// <param name="id">The job's name.</param>
    /// <param name="make">Makes jobs of this graph, and lets them depend on what it likes.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public GenerateJob Generate(string id, Func<JobGraph, Task> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return Add(new GenerateJob(this, IdOfText(id), JobBody.Of(make, async (_, _) =>
        {
            await make(this).ConfigureAwait(false);
            return null;
        }), null));
    }

    /// <summary>
    /// A job that lets the jobs that depend on it depend on further jobs, which it may make. Its action runs in this program and in every run,
    /// before any of the jobs that depend on it.
    /// </summary>
    /// <param name="id">The job's name.</param>
    /// <param name="inject">Adds the dependencies.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public InjectJob Inject(string id, Action<Injection> inject)
    {
        ArgumentNullException.ThrowIfNull(inject);
        InjectJob? job = null;
        job = new InjectJob(this, IdOfText(id), JobBody.Of(inject, (_, _) =>
        {
            inject(new Injection(job!));
            return default;
        }), null);
        return Add(job);
    }

    /// <summary>A job that runs after everything else, if all of that succeeded and something has changed since it last ran.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="action">What it does.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    public FinalJob Final(string id, Action action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Add(new FinalJob(this, IdOfText(id), JobBody.InPlace(action), options));
    }

    /// <summary>A job that runs after everything else, if all of that succeeded and something has changed since it last ran.</summary>
    /// <param name="id">The job's name.</param>
    /// <param name="action">What it does.</param>
    /// <param name="options">How it is run; null for the defaults.</param>
    /// <exception cref="LeatException">There is another job of that name, or the graph runs.</exception>
    [OverloadResolutionPriority(1)]
    public FinalJob Final(string id, Func<Task> action, JobOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Add(new FinalJob(this, IdOfText(id), JobBody.InPlace(action), options));
    }
}
