using Leat.Storage;

namespace Leat.Shell;

/// <summary>A job explained to people.</summary>
internal static class WhyText
{
    public static void Write(TextPage page, WhyView why)
    {
        Job job = why.Planned.Job;
        page.Line($"{job.Id} ({Words.Of(job.Kind)})");
        page.Line(Verdict(why.Planned), Words.ToneOf(why.Planned.State));
        foreach (JobReason reason in why.Planned.Reasons) page.Line($"  because {reason}");
        page.Line();
        WriteInputs(page, why.Inputs);
        page.Line();
        WriteLast(page, why);
    }

    private static string Verdict(PlannedJob planned) => planned.State switch
    {
        PlannedState.WillRun => "It would run:",
        PlannedState.MayRun => "It may have to run:",
        PlannedState.NotNeeded => "It would not run: nothing that would run needs it.",
        _ when planned.Job.Kind is >= JobKind.Parameter => "It is looked at, and does not run.",
        _ => "It is up to date: its outputs are what it left, and its code and all of its inputs are what they were then.",
    };

    private static void WriteInputs(TextPage page, IReadOnlyList<InputView> inputs)
    {
        if (inputs.Count == 0)
        {
            page.Line("It needs no other job.");
            return;
        }

        page.Line("It needs");
        page.Table([.. inputs.Select(Row)], indent: "  ");
    }

    private static TextRow Row(InputView input) => new(
        input.IsMissing ? Tone.Bad : Words.ToneOf(input.State ?? PlannedState.UpToDate),
        input.Name,
        Words.Of(input.Input.Job.Kind),
        input.IsMissing ? "missing" : input.Bytes is { } bytes ? SizeText.Of(bytes) : input.Input.Job.Kind >= JobKind.Parameter || input.State is not { } state ? "" : Words.Of(state));

    private static void WriteLast(TextPage page, WhyView why)
    {
        JobKind kind = why.Planned.Job.Kind;
        if (why.Last is not { } last)
        {
            page.Line(kind is >= JobKind.Parameter or JobKind.Load or JobKind.Generate or JobKind.Inject ? "Nothing is recorded of it." : "It never ran.");
            return;
        }

        if (kind >= JobKind.Parameter)
        {
            page.Line($"That it is as it is was first seen at {Words.Moment(last.Started)} UTC, in run {last.Run}.");
            return;
        }

        page.Line($"It {HistoryText.Sentence(last)}.", last.Kind == LedgerKind.Failed ? Tone.Bad : Tone.Plain);
        if (last.Message.Length > 0) page.Line($"  {last.Message.ReplaceLineEndings("\n  ")}");
        if (why.LastGood is { } good) page.Line($"Before that it {HistoryText.Sentence(good)}.");
        if (why.Log is not null) page.Line($"Its output: {why.Log}");
    }
}
