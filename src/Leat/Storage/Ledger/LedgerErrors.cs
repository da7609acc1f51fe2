using System.Globalization;

namespace Leat.Storage;

/// <summary>Every error of ledgers, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class LedgerErrors
{
    public const string HeldCode = "LEAT0100";

    public static string HeldText(string path, LedgerHolder? holder) =>
        $"The ledger in '{path}' is in use by {holder?.ToString() ?? "a run that has not said yet who it is"}. One run at a time may write to it: wait for that one to end, or end it.";

    public static LedgerHeldException Held(string path, LedgerHolder? holder) => new(path, holder);

    public static LeatException Newer(string path, long version, int known) =>
        new("LEAT0101", string.Create(CultureInfo.InvariantCulture, $"The ledger '{path}' has format {version}, and this Leat knows formats up to {known}. Use a newer Leat; nothing was changed."));

    public static LeatException NoJournal(string path) =>
        new("LEAT0102", $"The file '{path}' is not a ledger of Leat's, and nothing in it is one. Move it away, or give another directory; nothing was changed.");

    public static LeatException Unusable(string path, string what, Exception cause) =>
        new("LEAT0103", $"The ledger in '{path}' can't be used, because {what}: {cause.Message} Check the directory, its permissions and its disk.", cause);

    public static LeatException NotAppended(string path, int records, Exception cause) =>
        new("LEAT0104", string.Create(CultureInfo.InvariantCulture, $"What {records} jobs did can't be written to the ledger '{path}': {cause.Message} They run again in the next run, unless they are recorded after all; what was written before is safe."), cause);

    public static LeatException NotFlushed(string path, Exception cause) =>
        new("LEAT0105", $"The ledger '{path}' can't be brought to the disk: {cause.Message} What was written last may be lost with the machine's power, but not with this process.", cause);

    public static ArgumentException BadRecord(LedgerRecord record, string rule) =>
        new(Text("LEAT0106", $"The record of the job '{record.Job}' can't be kept in a ledger: {rule}."), nameof(record));

    public static LeatException TakenOver(string path, LedgerHolder holder) =>
        new("LEAT0107", $"The ledger in '{path}' was taken over by {holder}, and nothing more is written to it. That happens when this process was frozen or cut off for so long that it counted as dead. End it, or let the other one end and start again.");

    public static LeatException TooLarge(string path, long bytes) =>
        new("LEAT0108", string.Create(CultureInfo.InvariantCulture, $"The ledger '{path}' would get more than {bytes} bytes, and no more can be loaded. Keep a shorter history, or smaller states of jobs."));

    public static LeatException BadOption(string option, string value, string rule) =>
        new("LEAT0109", $"The option {option} of a ledger is {value}, and must be {rule}.");

    /// <summary>As dictionaries say it.</summary>
    public static KeyNotFoundException NoSuchJob(string job) => new($"The ledger has no record of the job '{job}'.");

    private static string Text(string code, string message) => $"{code}: {message}";
}
