using System.Text;

namespace Leat.Shell;

/// <summary>A run on a terminal: what is running and how far it is, redrawn in place, with failures and answers above.</summary>
internal sealed class LiveDisplay : IRunDisplay
{
    private readonly ShellConsole console;
    private readonly LiveArea area;
    private readonly StringBuilder above = new();
    private readonly TextPage page;
    private readonly long start;
    private int failed;
    private int skipped;

    public LiveDisplay(ShellConsole console)
    {
        this.console = console;
        area = new LiveArea(console.Output);
        page = new TextPage(text => above.Append(text), console.HasColours);
        start = console.Clock.GetTimestamp();
    }

    public bool Wants(JobEvent each) => each switch
    {
        JobEnded end => end.Report.Outcome is JobOutcome.Failed or JobOutcome.Upstream,
        JobRetried or RunWarning => true,
        _ => false,
    };

    public void Show(JobEvent each, RunProgress progress)
    {
        if (each is JobEnded { Report.Outcome: JobOutcome.Upstream }) skipped++;
        if (each is JobEnded { Report.Outcome: JobOutcome.Failed }) failed++;
        EventText.Trouble(page, each);
    }

    public void Say(Action<TextPage> write) => write(page);

    public void Tick(RunProgress progress, IReadOnlyList<RunningJob> running, string? prompt)
    {
        // What is done before anybody could read it is not drawn.
        bool isIdle = running.Count == 0 && progress.Waiting == 0 && progress.Obstacle is null;
        (int width, int height) = console.Size();
        var view = new LiveView(progress, running, console.Clock.GetElapsedTime(start), failed, skipped, prompt);
        area.Draw(TakeAbove(), isIdle ? [] : LiveText.Of(view, width, height));
    }

    public void End(RunSummary? summary, bool wasStopped)
    {
        if (summary is not null) SummaryText.Write(page, summary, wasStopped);
        area.Draw(TakeAbove(), []);
    }

    private string TakeAbove()
    {
        string text = above.ToString();
        above.Clear();
        return text;
    }
}
