namespace Leat.Shell;

/// <summary>A run as its events, one JSON object a line.</summary>
internal sealed class JsonDisplay(TextWriter output) : IRunDisplay
{
    public bool Wants(JobEvent each) => true;

    public void Show(JobEvent each, RunProgress progress) => JsonPage.Line(output, each);

    public void Say(Action<TextPage> write)
    {
    }

    public void Tick(RunProgress progress, IReadOnlyList<RunningJob> running, string? prompt)
    {
    }

    public void End(RunSummary? summary, bool wasStopped)
    {
    }
}
