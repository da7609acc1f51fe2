using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Leat.Pools;
using Leat.Scheduling;
using Leat.Streams;

namespace Leat.Jobs;

/// <summary>Runs the programs of <see cref="CommandJob"/>s, as children of this program, which end with it.</summary>
internal sealed class CommandRunner : IDisposable
{
    public const int TailBytes = 16 * 1024;
    private const int BufferSize = 64 * 1024;
    private const int SignalBase = 128;
    private const int KillSignal = 9;

    private readonly CommandGuard guard = new();

    /// <summary>Runs one, on the thread pool: to start a program takes a while.</summary>
    public Task<ActionResult> RunAsync(ActionCall call, CancellationToken cancellationToken) =>
        Task.Run(() => RunHereAsync(call, cancellationToken), CancellationToken.None);

    public void Dispose() => guard.Dispose();

    private async Task<ActionResult> RunHereAsync(ActionCall call, CancellationToken cancellationToken)
    {
        var log = new ActionLog(call.Log);
        long started = Stopwatch.GetTimestamp();
        Exception? error;
        FailureCause cause = FailureCause.Error;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            (error, cause) = await RunAsync(call, log, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        return new ActionResult(error, Stopwatch.GetElapsedTime(started)) { Cause = cause, HasLog = log.Close() };
    }

    private async Task<(Exception? Error, FailureCause Cause)> RunAsync(ActionCall call, ActionLog log, CancellationToken cancellationToken)
    {
        var job = (CommandJob)call.Job;
        CommandPlan plan = job.Plan!;
        ImmutableArray<string> line = plan.ArgumentsFor(call.Paths);
        long memoryKills = OutOfMemoryKills.Count();
        RunningProgram program = RunningProgram.Start(StartOf(call, plan, line, job.Graph!.Folder), TailBytes, Write, hasOwnGroup: true, guard.Register());
        await using ConfiguredAsyncDisposable disposal = program.ConfigureAwait(false);
        guard.Add(program.Id);
        using var limits = new ActionLimits(call, program.Kill, timesIt: true, cancellationToken);
        limits.WatchMemory(program.Id);
        int code = await FinishAsync(program, plan.IsFromStandardOutput ? call.Paths[0] : null, Write).ConfigureAwait(false);
        guard.Remove(program.Id);
        if (limits.Error is { } reason) return (reason, limits.Cause);
        if (plan.Options.SuccessCodes.Contains(code)) return (null, FailureCause.Error);
        bool hadNoMemory = code == SignalBase + KillSignal && OutOfMemoryKills.Count() > memoryKills;
        return (ExecutionErrors.CommandFailed(job.Id.Text, CommandPlan.TextOf(line), EndOf(code), program.Errors), hadNoMemory ? FailureCause.Memory : FailureCause.Error);

        void Write(ReadOnlyMemory<byte> bytes) => log.Write(bytes.Span);
    }

    /// <summary>Waits until a program has ended that gets no input.</summary>
    /// <param name="program">The program.</param>
    /// <param name="file">Where its standard output goes; null for the log.</param>
    /// <param name="log">Takes what it writes otherwise.</param>
    /// <returns>Its exit code.</returns>
    public static async Task<int> FinishAsync(RunningProgram program, string? file, Action<ReadOnlyMemory<byte>> log)
    {
        await RunningProgram.CloseAsync(program.Input).ConfigureAwait(false);
        if (file is not null) await CopyToFileAsync(program.Output, file).ConfigureAwait(false);
        else await CopyToLogAsync(program.Output, log).ConfigureAwait(false);
        await program.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return program.ExitCode;
    }

    public static ProgramStart StartOf(ActionCall call, CommandPlan plan, ImmutableArray<string> line, string folder)
    {
        string directory = plan.Options.WorkingDirectory is { } named ? Path.GetFullPath(named, folder) : folder;

        // Where the author names a variable, that holds.
        Dictionary<string, string?> variables = call.Variables.ToDictionary(each => each.Key, each => (string?)each.Value, StringComparer.Ordinal);
        foreach ((string name, string? value) in plan.Options.Environment) variables[name] = value;

        // A path with folders begins where the program runs, as it would in a shell.
        string file = line[0].Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(line[0], directory) : line[0];
        return new ProgramStart(file, line[1..]) { WorkingDirectory = directory, Environment = variables, SuccessCodes = plan.Options.SuccessCodes };
    }

    private static async Task CopyToFileAsync(Stream output, string path)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using ConfiguredAsyncDisposable disposal = file.ConfigureAwait(false);
        await output.CopyToAsync(file, BufferSize, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task CopyToLogAsync(Stream output, Action<ReadOnlyMemory<byte>> log)
    {
        byte[] buffer = new byte[BufferSize];
        while (await output.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is var read and > 0) log(buffer.AsMemory(0, read));
    }

    // A program that a signal has ended has no code of its own; this is how .NET and shells tell which it was.
    public static string EndOf(int code) => code > SignalBase && code <= SignalBase + 64 && !OperatingSystem.IsWindows()
        ? UnixProcess.NameOfSignal(code - SignalBase)
        : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
}
