using System.Globalization;

namespace Leat.Pools;

/// <summary>Every error of pools, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class PoolErrors
{
    public static ArgumentOutOfRangeException NoWorkers(int workers) =>
        new(nameof(workers), workers, Text("LEAT0060", string.Create(CultureInfo.InvariantCulture, $"A pool needs at least 1 worker, and {workers} were asked for. Environment.ProcessorCount is as many as the machine has cores.")));

    public static LeatException NotStartable(string reason) =>
        new("LEAT0061", $"This program can't be started as a worker process: {reason}; or use Pool.Threads.");

    public static LeatException NotStarted(string program, string reason, string output, Exception? cause) =>
        new("LEAT0062", $"A worker process of '{program}' could not be started: {reason}. Check that the program can be run from a terminal, and that the machine has memory and processes to spare.{Quote(output)}", cause);

    public static LeatException NotStartedOn(string host, string reason) =>
        new("LEAT0220", $"A worker process could not be started on the host '{host}': {reason}");

    public static LeatException OtherBuild(string difference) =>
        new("LEAT0063", $"A worker process is of another build than this program: {difference}. Start the program again.");

    public static LeatException BadHandshake(string fault) =>
        new("LEAT0064", $"A process that was to be a worker can't be trusted with work: {fault}.");

    public static WorkerLostException WorkerLost(string stage, int times, string end, string output) =>
        new("LEAT0065", string.Create(CultureInfo.InvariantCulture, $"The worker process that worked on the item for '{stage}' ended unexpectedly ({end}), {(times == 1 ? "and its state was lost with it" : $"as did {times} in a row on the same item")}. Look for what in the body ends its process: an exit, a stack overflow, a crash in native code, too much memory.{Quote(output)}"), end, output);

    public static RemoteException Remote(string typeName, string message, string text, Exception? inner) =>
        new("LEAT0066", $"The body threw a {typeName} in a worker process: {message}", typeName, text, inner);

    public static ObjectDisposedException Disposed() =>
        new(nameof(Pool), Text("LEAT0067", "The pool was disposed, so its workers have ended. Dispose a pool when all runs that use it have ended."));

    public static LeatException NoSocket(string folder, Exception cause) =>
        new("LEAT0068", $"A folder for the sockets of workers can't be made in '{folder}': {cause.Message} Set TMPDIR to a folder that you may write to.", cause);

    private static string Quote(string output) => output.Length == 0 ? "" : $" It wrote last:\n{output}";

    private static string Text(string code, string message) => $"{code}: {message}";
}
