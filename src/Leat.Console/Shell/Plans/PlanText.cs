using System.Globalization;
using Leat.Progress;

namespace Leat.Shell;

/// <summary>A plan for people.</summary>
internal static class PlanText
{
    private static readonly TextRow Head = new(Tone.Faint, "", "", "job", "last took", "because");

    public static void Write(TextPage page, PlanView plan)
    {
        foreach (string warning in plan.Warnings) page.Line($"warning: {warning}", Tone.Doubtful);
        page.Line(Headline(plan), plan.ToRun.IsEmpty ? Tone.Good : Tone.Plain);
        if (plan.ToRun.IsEmpty) return;
        page.Line();
        page.Table([Head, .. plan.ToRun.Select(Row)], indent: "  ", rightAligned: ">  >");
        if (plan.MayRun > 0)
        {
            page.Line();
            page.Line("What may run does so only if something that it needs comes out otherwise than before.", Tone.Faint);
        }
    }

    private static string Headline(PlanView plan)
    {
        string notNeeded = plan.NotNeeded == 0 ? "" : $", {Quantity.Count(plan.NotNeeded)} {Words.Are(plan.NotNeeded)} not needed";
        if (plan.ToRun.IsEmpty) return $"Nothing to do: {Words.Jobs(plan.UpToDate)} {Words.Are(plan.UpToDate)} up to date{notNeeded}.";
        string may = plan.MayRun == 0 ? "" : $", {Quantity.Count(plan.MayRun)} may have to";
        string upToDate = plan.UpToDate == 0 ? "" : $", {Quantity.Count(plan.UpToDate)} {Words.Are(plan.UpToDate)} up to date";
        return $"{Words.Jobs(plan.WillRun)} would run{may}{upToDate}{notNeeded}.";
    }

    private static TextRow Row(PlannedJob job, int index) => new(
        Words.ToneOf(job.State),
        (index + 1).ToString(CultureInfo.InvariantCulture),
        job.State == PlannedState.MayRun ? "may" : "run",
        job.Job.Id.Text,
        job.Expected is { } time ? Words.Took(time) : "",
        Words.Reasons(job.Reasons));
}
