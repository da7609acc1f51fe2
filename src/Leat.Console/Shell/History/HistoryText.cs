using System.Globalization;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>A job's history for people: a line a record, the newest first.</summary>
internal static class HistoryText
{
    private static readonly TextRow Head = new(Tone.Faint, "when (UTC)", "what", "time", "tries", "machine", "run", "message");

    public static void Write(TextPage page, JobId job, IReadOnlyList<LedgerRecord> records)
    {
        if (records.Count == 0)
        {
            page.Line($"'{job}' has never run.");
            return;
        }

        page.Line($"'{job}', the newest first:");
        page.Line();
        page.Table([Head, .. records.Select(Row)], indent: "  ", rightAligned: "  >>");
    }

    /// <summary>A record as the end of a sentence: "It last succeeded on …".</summary>
    public static string Sentence(LedgerRecord record)
    {
        string tries = record.Attempts > 1 ? string.Create(CultureInfo.InvariantCulture, $" after {record.Attempts} tries") : "";
        string where = record.Machine.Length > 0 ? $" on {record.Machine}" : "";
        string took = record.Kind == LedgerKind.Accepted ? "" : $", took {Words.Took(record.Time)}";
        string was = record.Kind is LedgerKind.Accepted or LedgerKind.Forgotten ? "was " : "";
        return $"{was}{Words.Of(record.Kind)}{tries} at {Words.Moment(record.Started)} UTC{where}{took}, in run {record.Run}";
    }

    private static TextRow Row(LedgerRecord record) => new(
        record.Kind == LedgerKind.Failed ? Tone.Bad : Tone.Plain,
        Words.Moment(record.Started),
        Words.Of(record.Kind),
        record.Kind == LedgerKind.Accepted ? "" : Words.Took(record.Time),
        record.Kind == LedgerKind.Accepted ? "" : record.Attempts.ToString(CultureInfo.InvariantCulture),
        record.Machine,
        record.Run,
        Words.FirstLine(record.Message));
}
