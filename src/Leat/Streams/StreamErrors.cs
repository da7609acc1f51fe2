using System.Globalization;
using System.Text.Json;

namespace Leat.Streams;

/// <summary>What <see cref="OnError"/> comes down to once the retries are used up.</summary>
internal enum ErrorAction
{
    Stop,
    Skip,
    Carry,
}

/// <summary>Every error that a user of streams can cause, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class StreamErrors
{
    public static ArgumentOutOfRangeException BadOption(string name, object? value, string reason) =>
        new(name, value, Text("LEAT0002", $"The option '{name}' is {value}, but {reason}."));

    public static TimeoutException Timeout(string stage, TimeSpan timeout) =>
        new(Text("LEAT0003", $"The stage '{stage}' took longer than its timeout of {Seconds(timeout)} on one item. Raise the timeout, or look at what the body waits for."));

    public static LeatException ZipMismatch(string zip, IReadOnlyList<(string Name, long Count, bool Ended)> inputs) =>
        new("LEAT0004", string.Create(
            CultureInfo.InvariantCulture,
            $"The inputs of '{zip}' have different lengths: {string.Join(", ", inputs.Select(Describe))}. Make them equally long, or say shortest: true."));

    public static InvalidOperationException OptionsOfComposite(string stage) =>
        new(Text("LEAT0005", $"'{stage}' is several stages, and options belong to one. Set them before you compose: first.With(…) | second."));

    public static InvalidOperationException NotPerItem(string stage) =>
        new(Text("LEAT0006", $"The stage '{stage}' sees the whole stream, so it can't stand between Scatter and Gather, where every part must stay with its item. Put it before the Scatter or after the Gather."));

    public static ArgumentException SingleWorker(string stage) =>
        new(Text("LEAT0007", $"The stage '{stage}' keeps one state for the whole stream, so it has exactly one worker and no timeout. Leave 'workers' and 'timeout' out."));

    public static ArgumentException NoSingleItem(string stage) =>
        new(Text("LEAT0025", $"The stage '{stage}' sees the whole stream, so no single item of it can time out, be skipped, carried or retried. Leave 'timeout' and 'onError' out."));

    public static InvalidOperationException StaysHere(string stage) =>
        new(Text("LEAT0040", $"The stage '{stage}' keeps or sees the whole stream, so it runs where the pipeline does and not on this pool. Put what takes time into a stage that works item by item, and that on the pool; a function over the whole stream (Stage.Of) can go to Pool.Processes."));

    public static InvalidOperationException NotPaused(string state) =>
        new(Text("LEAT0008", $"The flow is {state}, so it can't be resumed. Only a paused flow can."));

    public static InvalidOperationException NotPausable(string state) =>
        new(Text("LEAT0009", $"The flow is {state}, so it can't be paused. Only a running flow can."));

    public static ArgumentException NothingToRun() =>
        new(Text("LEAT0010", "There is nothing to run: no pipe was given. Give at least one."));

    public static InvalidOperationException SinkInUse(string sink) =>
        new(Text("LEAT0011", $"The sink '{sink}' is written by a run that has not ended. Wait for its completion, or give the second run a sink of its own."));

    public static LeatException FileMissing(string path, Exception? cause = null) =>
        new("LEAT0012", $"The input file '{path}' does not exist. Check the path; relative paths start at '{Directory.GetCurrentDirectory()}'.", cause);

    public static LeatException FileUnreadable(string path, Exception cause) =>
        new("LEAT0013", Directory.Exists(path)
            ? $"The input file '{path}' is a folder. Name a file, or find those in it with Source.Files."
            : $"The input file '{path}' can't be read: {cause.Message} Check that it is a file that you may read.", cause);

    public static LeatException FileDamaged(string path, long line, Exception cause) =>
        new("LEAT0014", string.Create(CultureInfo.InvariantCulture, $"The input file '{path}' is damaged or cut short behind line {line}: {cause.Message} Fetch or make it again."), cause);

    public static LeatException BadJson(string path, long line, JsonException cause)
    {
        // The parser's own place, line 0, would contradict the file's.
        int place = cause.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        string reason = place < 0 ? cause.Message : cause.Message[..place];
        return new("LEAT0015", string.Create(CultureInfo.InvariantCulture, $"Line {line} of '{path}' is not the JSON that was expected, from byte {cause.BytePositionInLine ?? 0} on: {reason} Mend the line, or read values of another type."), cause);
    }

    public static LeatException ProgramNotStarted(string program, string? missingFolder, Exception cause) =>
        new(
            "LEAT0016",
            missingFolder is null
                ? $"The program '{program}' can't be started: {cause.Message}. Check that it is installed and on the PATH."
                : $"The program '{program}' can't be started: its working folder '{missingFolder}' does not exist. Check the path; relative paths start at '{Directory.GetCurrentDirectory()}'.",
            cause);

    public static ProgramFailedException ProgramFailed(string commandLine, int exitCode, string standardError) =>
        new(commandLine, exitCode, standardError);

    public static LeatException PartsMissing(int items) =>
        new("LEAT0018", string.Create(CultureInfo.InvariantCulture, $"A Gather has {items} items of which not all parts came back. That is a fault of Leat's and not yours: please report it, with the stages between Scatter and Gather."));

    public static ArgumentException BadPattern(string pattern, string reason) =>
        new(Text("LEAT0019", $"The file pattern '{pattern}' can't be used: {reason} A wildcard that is meant as it stands goes in brackets, such as [[] or [*]."));

    public static LeatException FolderMissing(string path, string pattern) =>
        new("LEAT0020", $"The folder '{path}' of the pattern '{pattern}' does not exist. Check the path; relative paths start at '{Directory.GetCurrentDirectory()}'.");

    public static LeatException FileUnwritable(string path, Exception cause) =>
        new("LEAT0021", $"The output file '{path}' can't be written: {cause.Message} Make room, or choose another place; a file that stood there before is as it was.", cause);

    public static TimeoutException NotCompleted(TimeSpan timeout) =>
        new(Text("LEAT0022", $"The flow has not completed within {Seconds(timeout)}. It goes on; wait again, or stop it."));

    public static ArgumentException NotFollowable(string encoding) =>
        new(Text("LEAT0023", $"A file in the encoding '{encoding}' can't be followed, because its lines do not end in the byte 10. Read it without 'follow', or have it written in UTF-8."));

    public static LeatException FolderUnreadable(string path, Exception cause) =>
        new("LEAT0024", $"The folder '{path}' can't be looked through: {cause.Message} Check that you may read it, or choose a pattern that leaves it out.", cause);

    public static LeatException OutputClosed(Exception cause) =>
        new("LEAT0026", $"The standard output can't be written any more: {cause.Message}. Most likely the program that reads it has ended; let that read on, or write to a file.", cause);

    public static LeatException BadText(string path, long? line, Exception cause) =>
        new("LEAT0027", string.Create(CultureInfo.InvariantCulture, $"{(line is null ? "A line" : $"Line {line}")} of '{path}' is not in the encoding that was given: {cause.Message} Give the encoding that it was written in."), cause);

    public static ArgumentException FolderAsFile(string path) =>
        new(Text("LEAT0028", $"The output '{path}' ends as a folder does. Name a file in it."));

    public static LeatException ListChanged() =>
        new("LEAT0029", "A list was made shorter while it was the source of a run. Give the run a copy, or change the list when the run has ended.");

    public static KeyNotFoundException NoSuchStage(string name, IEnumerable<string> stages) =>
        new(Text("LEAT0030", $"The flow has no stage '{name}'. It has: {string.Join(", ", stages)}."));

    private static string Describe((string Name, long Count, bool Ended) input) =>
        string.Create(CultureInfo.InvariantCulture, $"'{input.Name}' {(input.Ended ? "ended after" : "has at least")} {input.Count} items");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Text(string code, string message) => $"{code}: {message}";
}
