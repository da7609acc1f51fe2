using System.Collections.Immutable;

namespace Leat;

/// <summary>What became of one job in a run.</summary>
/// <param name="Job">The job.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record JobReport(Job Job, JobOutcome Outcome)
{
    /// <summary>Why it ran; empty if it did not.</summary>
    public ImmutableArray<JobReason> Reasons { get; init; } = [];

    /// <summary>How long its last attempt took; zero if it did not run.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How often it was tried; 0 if it did not run.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed; null if it did not.</summary>
    public Exception? Error { get; init; }

    /// <summary>Of a job that could not run, the job that failed.</summary>
    public Job? Culprit { get; init; }

    /// <summary>The file with what it wrote to its standard output and error; null if it wrote nothing.</summary>
    public string? Log { get; init; }

    /// <summary>The machine on which its last attempt ran, as the pool names it; null if it did not run.</summary>
    public string? Machine { get; init; }

    /// <summary>Name and outcome, and the reason.</summary>
    public override string ToString() => Outcome switch
    {
        JobOutcome.Failed => $"{Job.Id}: failed: {Error?.Message}",
        JobOutcome.Upstream => $"{Job.Id}: not run, because '{Culprit?.Id}' failed",
        _ => Reasons.Length > 0 ? $"{Job.Id}: {Outcome}: {string.Join("; ", Reasons)}" : $"{Job.Id}: {Outcome}",
    };
}
