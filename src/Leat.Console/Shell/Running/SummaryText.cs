using Leat.Progress;

namespace Leat.Shell;

/// <summary>What a run has done, for people.</summary>
internal static class SummaryText
{
    private const int MostFailures = 10;

    public static void Write(TextPage page, RunSummary summary, bool wasStopped)
    {
        if (summary is { IsSuccess: true, Succeeded: 0 })
        {
            page.Line($"Nothing to do: {Words.Jobs(summary.UpToDate)} {Words.Are(summary.UpToDate)} up to date{NotNeeded(summary)}.", Tone.Good);
            return;
        }

        string time = Quantity.Elapsed(summary.Time);
        if (summary.IsSuccess)
        {
            string upToDate = summary.UpToDate == 0 ? "" : $", {Quantity.Count(summary.UpToDate)} {Words.Are(summary.UpToDate)} up to date";
            page.Line($"Done in {time}: {Words.Jobs(summary.Succeeded)} ran{upToDate}{NotNeeded(summary)}.", Tone.Good);
            return;
        }

        string[] parts =
        [
            .. Part(summary.Failed, "failed"),
            .. Part(summary.Upstream, "could not run because of that"),
            .. Part(summary.Cancelled, summary.Cancelled == 1 ? "was not run or not finished" : "were not run or not finished"),
            .. Part(summary.Succeeded, "ran"),
            .. Part(summary.UpToDate, summary.UpToDate == 1 ? "is up to date" : "are up to date"),
        ];
        page.Line($"{(wasStopped ? "Stopped" : "Failed")} after {time}: {string.Join(", ", parts)}.", Tone.Bad);
        page.Table([.. summary.Failures.Take(MostFailures).Select(failure => new TextRow(Tone.Bad, failure.Job.Text, failure.Log ?? ""))], indent: "  ");
        if (summary.Failures.Length > MostFailures) page.Line($"  and {Quantity.Count(summary.Failures.Length - MostFailures)} more");
    }

    private static string NotNeeded(RunSummary summary) => summary.NotNeeded == 0 ? "" : $", {Quantity.Count(summary.NotNeeded)} {Words.Are(summary.NotNeeded)} not needed";

    private static IEnumerable<string> Part(int count, string what) => count == 0 ? [] : [$"{Quantity.Count(count)} {what}"];
}
