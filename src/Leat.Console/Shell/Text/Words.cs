using System.Globalization;
using Leat.Progress;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>How things are called in what is printed for people, and in JSON.</summary>
internal static class Words
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A job's kind: what it is, as the end of "it is …".</summary>
    public static string Of(JobKind kind) => kind switch
    {
        JobKind.File => "a file that is made",
        JobKind.Files => "files that are made",
        JobKind.TempFile => "a temporary file",
        JobKind.TempFiles => "temporary files",
        JobKind.Command => "files that a command makes",
        JobKind.Load => "a value that is loaded",
        JobKind.Cached => "a value that is kept",
        JobKind.Plot => "a plot",
        JobKind.Generate => "a maker of jobs",
        JobKind.Inject => "a maker of dependencies",
        JobKind.Final => "what is done last",
        JobKind.Parameter => "a parameter",
        JobKind.InputFile => "a file that is there",
        JobKind.InputFiles => "files that are there",
        JobKind.InputFolder => "the files in a folder",
        JobKind.Function => "the code of a function",
        JobKind.Environment => "the environment",
        _ => kind.ToString(),
    };

    /// <summary>A name of an enum as JSON has it: <c>upToDate</c>.</summary>
    public static string Json<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }

    public static string Of(PlannedState state) => state switch
    {
        PlannedState.UpToDate => "up to date",
        PlannedState.NotNeeded => "not needed",
        PlannedState.WillRun => "would run",
        _ => "may run",
    };

    public static Tone ToneOf(PlannedState state) => state switch
    {
        PlannedState.WillRun => Tone.Doubtful,
        PlannedState.MayRun or PlannedState.NotNeeded => Tone.Faint,
        _ => Tone.Plain,
    };

    public static string Of(LedgerKind kind) => kind switch
    {
        LedgerKind.Succeeded => "succeeded",
        LedgerKind.Failed => "failed",
        LedgerKind.Accepted => "accepted",
        LedgerKind.Forgotten => "forgotten",
        _ => "",
    };

    /// <summary>A number of jobs: <c>1 job</c>, <c>1,200 jobs</c>.</summary>
    public static string Jobs(int count) => count == 1 ? "1 job" : $"{Quantity.Count(count)} jobs";

    /// <summary><c>is</c> or <c>are</c>, whatever fits the number.</summary>
    public static string Are(int count) => count == 1 ? "is" : "are";

    /// <summary>How long a job took: <c>3.95 ms</c>, <c>12.3 s</c>, <c>2:05 min</c>.</summary>
    public static string Took(TimeSpan time) => time.TotalSeconds < 0.9995 ? Quantity.Time(time) : Quantity.Elapsed(time);

    /// <summary>A moment, in UTC, so that it is the same on every machine that shares the ledger.</summary>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture);

    public static string Reasons(IEnumerable<JobReason> reasons) => string.Join("; ", reasons);

    /// <summary>The first line of a text that may have many.</summary>
    public static string FirstLine(string text)
    {
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
