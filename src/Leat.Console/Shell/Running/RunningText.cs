using System.Globalization;
using Leat.Progress;

namespace Leat.Shell;

/// <summary>What is running, for people, with the numbers by which keys can end it.</summary>
internal static class RunningText
{
    public static void Write(TextPage page, IReadOnlyList<RunningJob> running, RunProgress progress)
    {
        if (running.Count == 0)
        {
            page.Line(progress.Obstacle is { } obstacle ? $"Nothing is running: {obstacle}" : "Nothing is running.");
            return;
        }

        page.Line($"{Words.Jobs(running.Count)} {Words.Are(running.Count)} running:");
        page.Table([.. running.Select(Row)], indent: "  ", rightAligned: "> >");
    }

    /// <summary>What else there is to say of a job that runs, beside its name and time.</summary>
    public static string Remarks(RunningJob job)
    {
        string[] remarks =
        [
            job.Machine is { } machine ? $"on {machine}" : "",
            job.Expected is { } expected ? $"took {Quantity.Elapsed(expected)} before" : "",
            job.Attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"attempt {job.Attempt}") : "",
        ];
        return string.Join(", ", remarks.Where(remark => remark.Length > 0));
    }

    private static TextRow Row(RunningJob job, int index) =>
        new((index + 1).ToString(CultureInfo.InvariantCulture), job.Job.Text, Quantity.Elapsed(job.Time), Remarks(job));
}
