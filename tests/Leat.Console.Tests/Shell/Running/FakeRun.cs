namespace Leat.Shell.Tests;

/// <summary>A run that does what a test says.</summary>
internal sealed class FakeRun : IShellRun
{
    private readonly TaskCompletionSource<RunSummary> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static readonly RunningJob[] TwoJobs =
    [
        new(new JobId("out/a.csv"), SampleJobs.Noon, TimeSpan.FromSeconds(62), 1, TimeSpan.FromSeconds(70), "/work/a.log"),
        new(new JobId("out/other.csv"), SampleJobs.Noon, TimeSpan.FromSeconds(1.25), 2, null, "/work/other.log"),
    ];

    public Task<RunSummary> Completion => ended.Task;

    public RunProgress Progress { get; set; } = new(Total: 12, Succeeded: 3, UpToDate: 4, Failed: 0, Running: 2, Waiting: 3, Remaining: TimeSpan.FromSeconds(90), Obstacle: null);

    public IReadOnlyList<RunningJob> Running { get; set; } = TwoJobs;

    public List<string> Told { get; } = [];

    public void Stop() => Told.Add("stop");

    public void Cancel() => Told.Add("cancel");

    public bool Kill(JobId job)
    {
        Told.Add($"kill {job}");
        return job.Text != "gone";
    }

    public void End(RunSummary summary) => ended.SetResult(summary);

    public void Fail(Exception error) => ended.SetException(error);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
