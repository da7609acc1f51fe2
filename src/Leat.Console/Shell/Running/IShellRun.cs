using System.Collections.Immutable;

namespace Leat.Shell;

/// <summary>A run, as far as the shell has to do with it.</summary>
internal interface IShellRun : IAsyncDisposable
{
    Task<RunSummary> Completion { get; }

    RunProgress Progress { get; }

    IReadOnlyList<RunningJob> Running { get; }

    void Stop();

    void Cancel();

    bool Kill(JobId job);
}

/// <summary>A run of a graph.</summary>
internal sealed class GraphRun(JobRun run) : IShellRun
{
    public Task<RunSummary> Completion { get; } = SummaryAsync(run);

    public RunProgress Progress => run.Progress;

    public IReadOnlyList<RunningJob> Running => run.Running;

    public void Stop() => run.Stop();

    public void Cancel() => run.Cancel();

    public bool Kill(JobId job) => run.Kill(job);

    public ValueTask DisposeAsync() => run.DisposeAsync();

    private static async Task<RunSummary> SummaryAsync(JobRun run) => RunSummary.Of(await run.Completion);
}

/// <summary>What a run has done.</summary>
internal sealed record RunSummary(string Run, TimeSpan Time)
{
    public int Succeeded { get; init; }

    public int UpToDate { get; init; }

    public int NotNeeded { get; init; }

    public int Failed { get; init; }

    public int Upstream { get; init; }

    public int Cancelled { get; init; }

    /// <summary>The jobs that failed by themselves.</summary>
    public ImmutableArray<FailedJob> Failures { get; init; } = [];

    public bool IsSuccess => Failed + Upstream + Cancelled == 0;

    public static RunSummary Of(RunReport report) => new(report.Id, report.Time)
    {
        Succeeded = report.Count(JobOutcome.Succeeded),
        UpToDate = report.Count(JobOutcome.UpToDate),
        NotNeeded = report.Count(JobOutcome.NotNeeded),
        Failed = report.Count(JobOutcome.Failed),
        Upstream = report.Count(JobOutcome.Upstream),
        Cancelled = report.Count(JobOutcome.Cancelled),
        // Looking for failures makes a report of every job, of which there may be many.
        Failures = report.Count(JobOutcome.Failed) == 0 ? [] : [.. report.Failures.Select(job => new FailedJob(job.Job.Id, job.Log))],
    };
}

/// <summary>A job that failed.</summary>
internal readonly record struct FailedJob(JobId Job, string? Log);
