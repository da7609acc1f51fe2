namespace Leat.Shell;

/// <summary>A run as lines: one for each job that ends, or for failures alone.</summary>
/// <param name="page">Where they are written.</param>
/// <param name="isQuiet">True for failures and the summary alone.</param>
internal sealed class PlainDisplay(TextPage page, bool isQuiet) : IRunDisplay
{
    private int ended;

    public bool Wants(JobEvent each) => each switch
    {
        // Generators and injectors run in every run.
        JobEnded { Report: { Outcome: JobOutcome.Succeeded, Job.Kind: JobKind.Generate or JobKind.Inject } } => false,
        JobEnded end => !isQuiet || end.Report.Outcome == JobOutcome.Failed,
        JobRetried => !isQuiet,
        RunWarning => true,
        _ => false,
    };

    public void Show(JobEvent each, RunProgress progress)
    {
        if (isQuiet || each is not JobEnded { Report: var report })
        {
            EventText.Trouble(page, each);
            return;
        }

        ended++;
        // Some of those that had to be looked at have turned out to be up to date, and others may still do so.
        EventText.Ended(page, report, ended, Math.Max(ended, progress.Total - progress.UpToDate));
    }

    public void Say(Action<TextPage> write) => write(page);

    public void Tick(RunProgress progress, IReadOnlyList<RunningJob> running, string? prompt)
    {
    }

    public void End(RunSummary? summary, bool wasStopped)
    {
        if (summary is not null) SummaryText.Write(page, summary, wasStopped);
    }
}
