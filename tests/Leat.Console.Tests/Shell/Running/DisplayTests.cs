namespace Leat.Shell.Tests;

public sealed class DisplayTests
{
    private static readonly RunProgress Progress = new(Total: 9, Succeeded: 3, UpToDate: 4, Failed: 0, Running: 2, Waiting: 3, Remaining: null, Obstacle: null);

    private static string Shown(Func<ShellConsole, IRunDisplay> display)
    {
        using var output = new StringWriter();
        var console = new ShellConsole { Output = output, Error = TextWriter.Null, Clock = new ManualClock(), Size = () => (60, 12) };
        IRunDisplay shown = display(console);
        foreach (JobEvent each in SampleEvents.All.Where(shown.Wants)) shown.Show(each, Progress);
        shown.Tick(Progress, FakeRun.TwoJobs, null);
        shown.End(SampleEvents.Summary, wasStopped: false);
        return output.ToString().Replace("\e", "<ESC>", StringComparison.Ordinal).Replace("\r", "<CR>", StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_gets_a_line_for_each_job_that_ends() => Approved.Text(Shown(console => new PlainDisplay(console.Page, isQuiet: false)));

    [Fact]
    public void Quiet_is_failures_and_the_summary() => Approved.Text(Shown(console => new PlainDisplay(console.Page, isQuiet: true)));

    [Fact]
    public void A_terminal_shows_what_goes_on_below_what_went_wrong() => Approved.Text(Shown(console => new LiveDisplay(console)));

    [Fact]
    public void Programs_get_events_a_line_each() => Approved.Text(Shown(console => new JsonDisplay(console.Output)));

    [Fact]
    public void A_failure_has_the_end_of_what_the_job_wrote()
    {
        using var folder = new TemporaryDirectory();
        string log = folder.Write("count.log", string.Join('\n', Enumerable.Range(1, 30).Select(each => $"line {each}")));
        string text = Printed.Text(page => EventText.Trouble(page, new JobEnded(SampleJobs.Noon, SampleEvents.Failure(log))));
        Approved.Text(text.Replace(folder.Path, "/work", StringComparison.Ordinal));
    }

    [Fact]
    public void Summaries_say_what_matters() => Approved.Text(Printed.Text(page =>
    {
        var quick = new RunSummary("run", TimeSpan.FromSeconds(0.04));
        SummaryText.Write(page, quick with { UpToDate = 100_000 }, wasStopped: false);
        SummaryText.Write(page, quick with { UpToDate = 1, NotNeeded = 2 }, wasStopped: false);
        SummaryText.Write(page, quick with { Succeeded = 1 }, wasStopped: false);
        SummaryText.Write(page, quick with { Succeeded = 1200, UpToDate = 1, Time = TimeSpan.FromMinutes(75) }, wasStopped: false);
        SummaryText.Write(page, SampleEvents.Summary, wasStopped: false);
        SummaryText.Write(page, SampleEvents.Summary with { Failures = [.. Enumerable.Range(1, 12).Select(each => new FailedJob(new JobId($"job{each}"), null))], Failed = 12 }, wasStopped: false);
        SummaryText.Write(page, quick with { Succeeded = 2, Cancelled = 1 }, wasStopped: true);
    }));

    [Fact]
    public void What_is_running_is_listed_with_numbers() => Approved.Text(Printed.Text(page =>
    {
        RunningText.Write(page, FakeRun.TwoJobs, Progress);
        RunningText.Write(page, FakeRun.TwoJobs[..1], Progress);
        RunningText.Write(page, [], Progress);
        RunningText.Write(page, [], Progress with { Obstacle = "another run has all cores of the machine." });
    }));
}
