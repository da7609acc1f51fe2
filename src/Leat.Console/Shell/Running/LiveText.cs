using System.Globalization;
using Leat.Progress;

namespace Leat.Shell;

/// <summary>A run at one moment as a few lines: a bar, and what is running.</summary>
internal static class LiveText
{
    private const int MostRunning = 10;
    private const int WidestBar = 40;
    private const int NarrowestBar = 8;
    private const int NarrowestName = 4;
    // The time of a job, the gaps around its name, and the terminal's last column.
    private const int TimeColumn = 14;
    // The bar, what stands behind it, and a line that the terminal keeps for the cursor.
    private const int OtherLines = 4;

    /// <summary>Lines that fit a window of that size.</summary>
    public static IReadOnlyList<string> Of(LiveView view, int width, int height)
    {
        List<string> lines = [Head(view, width)];
        if (view.Progress.Obstacle is { } obstacle) lines.Add($"  waiting: {obstacle}");
        int most = Math.Clamp(height - OtherLines, 0, MostRunning);
        // A line that says "and 1 more" could as well name it.
        int shown = view.Running.Count <= most ? view.Running.Count : Math.Max(0, most - 1);
        int names = Math.Min(view.Running.Take(shown).Select(job => job.Job.Text.Length).DefaultIfEmpty().Max(), Math.Max(NarrowestName, width - TimeColumn));
        foreach (RunningJob job in view.Running.Take(shown))
        {
            string remarks = RunningText.Remarks(job);
            lines.Add($"  {CellWidth.Fit(job.Job.Text, names).PadRight(names)}  {Quantity.Elapsed(job.Time),9}{(remarks.Length > 0 ? $"  {remarks}" : "")}");
        }

        if (view.Running.Count > shown) lines.Add($"  and {Quantity.Count(view.Running.Count - shown)} more running");
        if (view.Prompt is { } prompt) lines.Add(prompt);
        return [.. lines.Select(line => CellWidth.Fit(line, width - 1))];
    }

    private static string Head(LiveView view, int width)
    {
        RunProgress progress = view.Progress;
        int done = progress.Succeeded + progress.UpToDate + progress.Failed;
        string numbers = $"{Quantity.Count(done)}/{Quantity.Count(progress.Total)}";
        string failed = view.Failed == 0 ? "" : $", {Quantity.Count(view.Failed)} failed";
        string skipped = view.Skipped == 0 ? "" : $", {Quantity.Count(view.Skipped)} skipped";
        string left = progress.Remaining is { } remaining ? $", {Quantity.Elapsed(remaining)} left" : "";
        string text = $"{numbers}{failed}{skipped}  {Quantity.Elapsed(view.Elapsed)}{left}";
        int room = Math.Min(WidestBar, width - text.Length - " [] ".Length);
        return room < NarrowestBar ? text : $"[{Bar(done, progress.Total, room)}] {text}";
    }

    private static string Bar(int done, int total, int width)
    {
        int filled = total == 0 ? 0 : (int)((long)width * done / total);
        return string.Create(CultureInfo.InvariantCulture, $"{new string('=', filled)}{new string(' ', width - filled)}");
    }
}
