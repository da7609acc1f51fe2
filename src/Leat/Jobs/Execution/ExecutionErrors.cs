using System.Globalization;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>Every error of actions where they run, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class ExecutionErrors
{
    /// <summary>Of what had not enough memory.</summary>
    public const string NoMemoryLeftCode = "LEAT0155";

    private const string NotTransferredCode = "LEAT0253";
    private const int TailLines = 20;
    private static readonly string[] CrashHeads = ["Unhandled exception.", "Stack overflow.", "Process terminated.", "Fatal error.", "Out of memory."];

    public static TimeoutException TooLong(string job, TimeSpan timeout) =>
        new(Text("LEAT0150", $"The action of '{job}' took longer than its timeout of {Seconds(timeout)}, and was ended. Give the job more time with JobOptions.Timeout, or find out in its log what it waited for."));

    public static LeatException CommandFailed(string job, string line, string end, string errors, string? host = null) =>
        new("LEAT0151", $"The program of '{job}' ended with {end}. The command was: {line}. {(errors.Length == 0 ? "It wrote nothing to its standard error." : $"It wrote last to its standard error:\n{LastLines(errors)}")}{(host is null ? "" : $"\nIt ran on '{host}', where only those files are that the job declares as its inputs (Files.Transfer).")}");

    public static LeatException TooMuchMemory(string job, long had, long allowed) =>
        new("LEAT0152", $"The action of '{job}' had {Size(had)} of memory, with the programs that it had started, and was ended: it was allowed {Size(allowed)}. Say with Resources.Memory how much the job needs, or let it need less.");

    public static LeatException NotLoaded(string load, Exception cause) =>
        new("LEAT0153", $"'{load}' could not be loaded: {cause.Message}", cause);

    public static LeatException Died(string job, string end, string output) =>
        new("LEAT0154", $"The process in which the action of '{job}' ran ended unexpectedly ({end}). Look for what in the action ends its process: an exit, a stack overflow, a crash in native code.{Quote(output)}");

    public static LeatException NoMemoryLeft(string job, string end, string output) =>
        new(NoMemoryLeftCode, $"The process in which the action of '{job}' ran was ended because there was no more memory ({end}). Say with Resources.Memory how much the job needs, so that others leave it that much.{Quote(output)}");

    public static LeatException UnknownThere(string job) =>
        new("LEAT0156", $"The process that has loaded data does not know '{job}'. That is a fault of Leat's and not yours: please report it, with how the job was made.");

    public static LeatException NotDeclared(string job, string host, string message, Exception cause) =>
        new("LEAT0252", $"The action of '{job}' did not find a file on the host '{host}': {message} Only those files are there that the job declares as its inputs (Files.Transfer). Declare it, as in job.DependsOn(graph.InputFile(\"…\")), and let the action ask that for its Path.", cause);

    public static LeatException NotTransferred(string host, Exception cause) =>
        new(NotTransferredCode, NotTransferredText(host, cause), cause);

    /// <summary>Likewise, by a fault of the host's: it is to run elsewhere.</summary>
    public static MachineLostException HostFault(string host, Exception cause, bool hasStarted) =>
        new(NotTransferredCode, NotTransferredText(host, cause), cause) { HasStarted = hasStarted };

    private static string NotTransferredText(string host, Exception cause) =>
        $"Files can't be sent to the host '{host}', or brought back: {cause.Message} See that there is room in its ~/.cache/leat, and that nothing changes files while jobs read them.";

    private static string Quote(string output) => output.Length == 0 ? "" : $" It wrote last:\n{CrashLines(output) ?? LastLines(output)}";

    // What the runtime says when it ends a process begins with the cause, and has a long stack trace behind it.
    private static string? CrashLines(string output)
    {
        string[] lines = output.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        int first = Array.FindLastIndex(lines, line => Array.Exists(CrashHeads, head => line.StartsWith(head, StringComparison.Ordinal)));
        return first < 0 ? null : string.Join('\n', lines.Skip(first).Where(line => !ThrownText.IsEngine(line)).Take(TailLines));
    }

    private static string LastLines(string output) => string.Join('\n', output.TrimEnd().Split('\n').TakeLast(TailLines));

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):#,0.#} MiB");

    private static string Text(string code, string message) => $"{code}: {message}";
}
