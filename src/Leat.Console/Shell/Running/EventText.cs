using System.Globalization;
using Leat.Progress;

namespace Leat.Shell;

/// <summary>Events of a run for people.</summary>
internal static class EventText
{
    private const int MostLines = 10;
    private const int LongestMessage = 4000;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What goes wrong: a failure, an attempt that is made again, a warning. Of other events there is nothing to say.</summary>
    public static void Trouble(TextPage page, JobEvent each)
    {
        switch (each)
        {
            case JobEnded { Report: { Outcome: JobOutcome.Failed } report }:
                Failed(page, report);
                break;
            case JobRetried retried:
                page.Line(string.Create(Culture, $"{retried.Job} failed at attempt {retried.Attempt}, and is tried again in {Quantity.Elapsed(retried.Delay)}: {Describe(retried.Error)}"), Tone.Doubtful);
                break;
            case RunWarning warning:
                page.Line($"warning: {warning.Message}", Tone.Doubtful);
                break;
        }
    }

    /// <summary>A job that ended, in a line with its number among those that run.</summary>
    public static void Ended(TextPage page, JobReport job, int number, int total)
    {
        string place = string.Create(Culture, $"[{number}/{total}] ");
        switch (job.Outcome)
        {
            case JobOutcome.Failed:
                Failed(page, job, place);
                break;
            case JobOutcome.Upstream:
                page.Line($"{place}{job.Job.Id}: not run, because '{job.Culprit?.Id}' failed", Tone.Doubtful);
                break;
            case JobOutcome.Cancelled:
                page.Line($"{place}{job.Job.Id}: cancelled", Tone.Doubtful);
                break;
            default:
                page.Line($"{place}{job.Job.Id}  {Words.Took(job.Time)}{(job.Attempts > 1 ? string.Create(Culture, $", {job.Attempts} tries") : "")}{Why(job)}");
                break;
        }
    }

    private static string Why(JobReport job) => job.Reasons.Length switch
    {
        0 => "",
        1 => $"  ({job.Reasons[0]})",
        _ => string.Create(Culture, $"  ({job.Reasons[0]}; and {job.Reasons.Length - 1} more)"),
    };

    // Why a job failed, with the end of what it wrote.
    private static void Failed(TextPage page, JobReport job, string place = "")
    {
        string tries = job.Attempts > 1 ? string.Create(Culture, $" and {job.Attempts} tries") : "";
        page.Line($"{place}FAILED {job.Job.Id}, after {Words.Took(job.Time)}{tries}: {Describe(job.Error)}", Tone.Bad);
        // An error of several lines has quoted what there is to say.
        if (job.Error?.Message.Contains('\n', StringComparison.Ordinal) != true)
        {
            foreach (string line in LogTail.Of(job.Log, MostLines)) page.Line($"  | {line}");
        }

        if (job.Log is not null) page.Line($"  its output: {job.Log}", Tone.Faint);
    }

    // Leat's own errors are sentences that need no name.
    private static string Describe(Exception? error) => error switch
    {
        null => "nobody knows why.",
        LeatException => Shorten(error.Message),
        _ => Shorten($"{error.GetType().Name}: {error.Message}"),
    };

    // All of it is in the log, and in the run's events.
    private static string Shorten(string message) => message.Length <= LongestMessage ? message : $"{message.AsSpan(0, LongestMessage)}…";
}
