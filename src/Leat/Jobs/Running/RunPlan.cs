using System.Collections.Immutable;

namespace Leat;

/// <summary>What a run would do, found out without doing any of it but for the generators whose inputs are up to date; see <see cref="JobGraph.PlanAsync(RunOptions?, CancellationToken)"/>.</summary>
public sealed class RunPlan
{
    private readonly Dictionary<JobId, PlannedJob> byJob;

    internal RunPlan(IReadOnlyList<PlannedJob> jobs, IReadOnlyList<string> warnings)
    {
        Jobs = jobs;
        Warnings = warnings;
        byJob = jobs.ToDictionary(each => each.Job.Id);
    }

    /// <summary>Every job that is wanted or needed, in an order in which they could run.</summary>
    public IReadOnlyList<PlannedJob> Jobs { get; }

    /// <summary>The jobs that would run, or may have to, in an order in which they could; without generators and injectors, which always do.</summary>
    public IEnumerable<PlannedJob> ToRun => Jobs.Where(each => each.State is PlannedState.WillRun or PlannedState.MayRun && each.Job.Kind is not (JobKind.Generate or JobKind.Inject));

    /// <summary>What was found odd, in sentences; usually nothing.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What would become of a job; null if no target needs it.</summary>
    public PlannedJob? this[JobId job] => byJob.GetValueOrDefault(job);
}

/// <summary>What would become of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="State">What would become of it.</param>
/// <param name="Reasons">Why it would run; empty if it would not.</param>
/// <param name="Expected">How long it took when it last succeeded; null if it never did.</param>
public sealed record PlannedJob(Job Job, PlannedState State, ImmutableArray<JobReason> Reasons, TimeSpan? Expected)
{
    /// <summary>Name, state and reasons.</summary>
    public override string ToString() => Reasons.Length > 0 ? $"{Job.Id}: {State}: {string.Join("; ", Reasons)}" : $"{Job.Id}: {State}";
}

/// <summary>What would become of a job in a run.</summary>
public enum PlannedState
{
    /// <summary>It is up to date.</summary>
    UpToDate,

    /// <summary>Nothing that would run needs it.</summary>
    NotNeeded,

    /// <summary>It would run.</summary>
    WillRun,

    /// <summary>It would run if something that it needs comes out otherwise than before.</summary>
    MayRun,
}
