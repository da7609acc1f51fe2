namespace Leat.Shell;

/// <summary>How a run is shown while it goes on. All members are called from one place, one at a time.</summary>
internal interface IRunDisplay
{
    /// <summary>True for events that it shows. Called by the run itself, at the same time as other members.</summary>
    bool Wants(JobEvent each);

    /// <summary>Shows an event, in the order in which they happened.</summary>
    void Show(JobEvent each, RunProgress progress);

    /// <summary>Writes lines of the shell itself: what a key or a signal has done.</summary>
    void Say(Action<TextPage> write);

    /// <summary>Shows how far it is; called several times a second.</summary>
    void Tick(RunProgress progress, IReadOnlyList<RunningJob> running, string? prompt);

    /// <summary>The run has ended; without a summary where it could not go on.</summary>
    void End(RunSummary? summary, bool wasStopped);
}
