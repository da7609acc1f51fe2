namespace Leat.Shell;

/// <summary>Shows a run while it goes on, and lets keys and signals act on it.</summary>
internal sealed class RunWatch(ShellConsole console, IShellRun run, RunFeed feed, IRunDisplay display, StopSequence stops)
{
    // Ten times a second is as often as people see, whatever the run does.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // A run that has nothing to do has ended by then, and did not pay for a display.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(300);

    private readonly RunKeys keys = new();
    private readonly KeyReader keyboard = new();
    private IReadOnlyList<RunningJob> listed = [];
    private bool isShown = true;
    private bool isListening;

    /// <summary>Shows it to its end; gives the exit code.</summary>
    public async Task<int> WatchAsync()
    {
        while (!run.Completion.IsCompleted)
        {
            TimeSpan interval = isListening ? Interval : FirstInterval;
            await ((Task)run.Completion).WaitAsync(interval, console.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!run.Completion.IsCompleted) Shown(Look);
        }

        RunSummary? summary = run.Completion.IsCompletedSuccessfully ? await run.Completion : null;
        Shown(() =>
        {
            ShowNews();
            display.End(summary, stops.IsStopped);
            console.Output.Flush();
        });
        try
        {
            summary = await run.Completion;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }

        return summary.IsSuccess ? ExitCode.Success : stops.IsStopped ? ExitCode.Cancelled : ExitCode.JobsFailed;
    }

    private void Look()
    {
        if (!isListening)
        {
            isListening = true;
            keyboard.Start(console);
        }

        ShowNews();
        while (keyboard.TryTake(out ConsoleKeyInfo key)) Do(keys.Press(key));
        display.Tick(run.Progress, run.Running, keys.Prompt);
        console.Output.Flush();
    }

    private void ShowNews()
    {
        RunProgress? progress = null;
        while (feed.TryTake(out JobEvent? each)) display.Show(each, progress ??= run.Progress);
        while (stops.TryTakeNews(out string? text)) display.Say(page => page.Line(text, Tone.Doubtful));
    }

    private void Do(KeyRequest request)
    {
        switch (request.Kind)
        {
            case KeyRequestKind.ShowRunning:
                // Numbers mean what was last listed, whatever has ended and started since.
                listed = run.Running;
                RunProgress progress = run.Progress;
                display.Say(page => RunningText.Write(page, listed, progress));
                if (keys.Prompt is { } prompt && !console.IsOutputTerminal) display.Say(page => page.Line(prompt));
                break;
            case KeyRequestKind.Kill when request.Number < 1 || request.Number > listed.Count:
                display.Say(page => page.Line($"There is no job of the number {request.Number}.", Tone.Doubtful));
                break;
            case KeyRequestKind.Kill:
                JobId job = listed[request.Number - 1].Job;
                bool isKilled = run.Kill(job);
                display.Say(page => page.Line(isKilled ? $"'{job}' is ended." : $"'{job}' does not run any more.", Tone.Doubtful));
                break;
        }
    }

    // Nobody may look any more: a terminal that was closed, a disk that is full. That is no reason for the run to end.
    private void Shown(Action show)
    {
        if (!isShown) return;
        try
        {
            show();
        }
        catch (IOException)
        {
            isShown = false;
        }
    }
}
