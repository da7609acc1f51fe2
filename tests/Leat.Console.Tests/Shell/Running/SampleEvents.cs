namespace Leat.Shell.Tests;

/// <summary>What happens in a run, made up.</summary>
internal static class SampleEvents
{
    public static readonly JobEvent[] All =
    [
        new RunStarted(SampleJobs.Noon, "20260304-120000-1a2b", 6),
        new RunWarning(SampleJobs.Noon, "The ledger had a torn end, which was cut off."),
        new JobQueued(SampleJobs.Noon, SampleJobs.Counts.Id, [new JobReason(JobReasonKind.NeverRan)]),
        new JobStarted(SampleJobs.Noon, SampleJobs.Counts.Id, 1),
        new JobRetried(SampleJobs.Noon, SampleJobs.Counts.Id, 1, new TimeoutException("It took more than 2 s."), TimeSpan.FromSeconds(4)),
        new JobEnded(SampleJobs.Noon, new JobReport(SampleJobs.Trimmed, JobOutcome.Succeeded) { Time = TimeSpan.FromSeconds(75.04), Attempts = 1 }),
        new JobEnded(SampleJobs.Noon, new JobReport(SampleJobs.Packed, JobOutcome.Succeeded) { Time = TimeSpan.FromSeconds(0.25), Attempts = 2 }),
        new JobEnded(SampleJobs.Noon, Failure(null)),
        new JobEnded(SampleJobs.Noon, new JobReport(SampleJobs.Report, JobOutcome.Upstream) { Culprit = SampleJobs.Counts }),
        new JobEnded(SampleJobs.Noon, new JobReport(SampleJobs.Trimmed, JobOutcome.Cancelled)),
    ];

    public static RunSummary Summary { get; } = new("20260304-120000-1a2b", TimeSpan.FromSeconds(75.3))
    {
        Succeeded = 2,
        UpToDate = 3,
        Failed = 1,
        Upstream = 1,
        Failures = [new FailedJob(SampleJobs.Counts.Id, "/work/.leat/runs/20260304-120000-1a2b/logs/count.log")],
    };

    public static JobReport Failure(string? log) => new(SampleJobs.Counts, JobOutcome.Failed)
    {
        Time = TimeSpan.FromSeconds(2.5),
        Attempts = 3,
        Error = new InvalidDataException("There is no column 'gene'."),
        Log = log,
    };
}
