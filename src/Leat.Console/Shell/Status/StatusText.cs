using Leat.Progress;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>How the graph stands, for people.</summary>
internal static class StatusText
{
    private const int MostFailures = 10;
    private const int MostOutOfDate = 20;

    public static void Write(TextPage page, StatusView status)
    {
        PlanView plan = status.Plan;
        foreach (string warning in plan.Warnings) page.Line($"warning: {warning}", Tone.Doubtful);
        page.Line($"{Words.Jobs(plan.Total)}:");
        page.Table(
            [
                .. Row(Tone.Good, plan.UpToDate, "up to date"),
                .. Row(Tone.Doubtful, plan.WillRun, "out of date"),
                .. Row(Tone.Faint, plan.MayRun, "may be out of date, which what they need will show"),
                .. Row(Tone.Faint, plan.NotNeeded, "not needed"),
                .. Row(Tone.Bad, status.Failures.Length, "failed when they were last tried"),
            ],
            indent: "  ",
            rightAligned: ">");
        WriteFailures(page, status);
        WriteOutOfDate(page, plan);
    }

    private static IEnumerable<TextRow> Row(Tone tone, int count, string what) => count == 0 ? [] : [new TextRow(tone, Quantity.Count(count), what)];

    private static void WriteFailures(TextPage page, StatusView status)
    {
        if (status.Failures.IsEmpty) return;
        page.Line();
        page.Line("Failed:");
        foreach (RecordView failure in status.Failures.Take(MostFailures))
        {
            LedgerRecord record = failure.Record;
            page.Line(record.Message.Length > 0 ? $"  {record.Job}: {Words.FirstLine(record.Message)}" : $"  {record.Job}", Tone.Bad);
            page.Line($"    it {HistoryText.Sentence(record)}", Tone.Faint);
            if (failure.Log is not null) page.Line($"    its output: {failure.Log}", Tone.Faint);
        }

        WriteRest(page, status.Failures.Length - MostFailures);
    }

    private static void WriteOutOfDate(TextPage page, PlanView plan)
    {
        if (plan.WillRun == 0) return;
        page.Line();
        page.Line("Out of date:");
        page.Table(
            [.. plan.ToRun.Where(each => each.State == PlannedState.WillRun).Take(MostOutOfDate).Select(each => new TextRow(each.Job.Id.Text, Words.Reasons(each.Reasons)))],
            indent: "  ");
        WriteRest(page, plan.WillRun - MostOutOfDate);
    }

    private static void WriteRest(TextPage page, int rest)
    {
        if (rest > 0) page.Line($"  and {Quantity.Count(rest)} more");
    }
}
