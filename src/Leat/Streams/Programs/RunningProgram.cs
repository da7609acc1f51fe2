using System.ComponentModel;
using System.Diagnostics;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>
/// An external program at work, with pipes to its standard streams. Disposing it kills it, with all processes that it
/// has started, unless it has ended; nothing of it is left then.
/// </summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>How many bytes of the standard error an exception holds, the last ones.</summary>
    public const int ErrorLimit = 8 * 1024;

    // How long to wait for the end of the standard error before a look at who keeps it open.
    private static readonly TimeSpan ErrorGrace = TimeSpan.FromMilliseconds(250);

    // A killed process is gone when the system gets round to it.
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(1);

    private readonly ProgramStart start;
    private readonly Process process;
    private readonly OutputTail errors;
    private readonly CancellationTokenSource ending = new();
    private readonly Task readingErrors;
    private readonly Lock gate = new();
    private readonly Lock killing = new();
    private readonly bool leadsGroup;
    private bool ended;
    private volatile bool wasKilled;

    private RunningProgram(ProgramStart start, Process process, bool leadsGroup, int errorLimit, Action<ReadOnlyMemory<byte>>? onError)
    {
        this.start = start;
        this.leadsGroup = leadsGroup;
        this.process = process;
        Id = process.Id;
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        errors = new OutputTail(errorLimit, onError);
        readingErrors = errors.ReadAsync(process.StandardError.BaseStream, ending.Token);
    }

    /// <summary>The number of its process.</summary>
    public int Id { get; }

    /// <summary>The exit code of the program, which has ended: where a signal has ended it, that and 128.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>What is written here the program reads from its standard input.</summary>
    public Stream Input { get; }

    /// <summary>What the program writes to its standard output.</summary>
    public Stream Output { get; }

    /// <summary>What the program has written to its standard error, or the end of that.</summary>
    public string Errors => errors.ToString();

    /// <summary>Starts a program.</summary>
    /// <param name="start">What to start.</param>
    /// <param name="errorLimit">How many bytes of the standard error to keep, the last ones.</param>
    /// <param name="onError">Is told what it writes to its standard error, as it comes; null for nobody.</param>
    /// <param name="hasOwnGroup">True to have it lead a process group of its own: Ctrl+C in the terminal does not reach it, and nothing that it has started outlives a kill.</param>
    /// <param name="register">Where it enters its number before it begins, if it has a group of its own: see <see cref="OwnGroup.TryLead"/>. Null for nowhere.</param>
    /// <exception cref="LeatException">It can't be started.</exception>
    public static RunningProgram Start(ProgramStart start, int errorLimit, Action<ReadOnlyMemory<byte>>? onError = null, bool hasOwnGroup = false, string? register = null)
    {
        ProcessStartInfo info = InfoOf(start);
        bool leads = hasOwnGroup && OwnGroup.TryLead(info, register);
        var started = new Process { StartInfo = info };
        try
        {
            started.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            started.Dispose();
            throw StreamErrors.ProgramNotStarted(start.FileName, Directory.Exists(start.WorkingDirectory ?? ".") ? null : start.WorkingDirectory, error);
        }

        return new RunningProgram(start, started, leads, errorLimit, onError);
    }

    /// <summary>Waits for the program's end, and for what it has written to its standard error.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        TryEnd();
        await WaitForErrorsAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The exit code of the program, which has ended.</summary>
    /// <exception cref="ProgramFailedException">The exit code is not one of those that mean success.</exception>
    public int CheckExitCode() => start.SuccessCodes.Contains(process.ExitCode)
        ? process.ExitCode
        : throw StreamErrors.ProgramFailed(start.ToString(), process.ExitCode, errors.Last(ErrorLimit).TrimEnd());

    /// <summary>
    /// Kills the program and all processes that it has started. Does nothing the second time, or when the program's end
    /// was waited for: what it leaves running then, it leaves on purpose.
    /// </summary>
    public void Kill()
    {
        // Whoever disposes it waits here for a kill on another thread, which still looks at the pipes.
        lock (killing)
        {
            if (!TryEnd()) return;
            wasKilled = true;
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception error) when (error is Win32Exception or InvalidOperationException or NotSupportedException or AggregateException)
            {
                // It has ended meanwhile, or parts of it have.
            }

            // A process whose parent has ended is in no tree any more, but it is in the group, or has the pipes.
            if (leadsGroup) UnixProcess.KillGroup(Id);
            PipeHolders.KillAll(Output, process.StandardError.BaseStream);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        if (wasKilled)
        {
            await DrainAsync().ConfigureAwait(false);
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await readingErrors.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync(Input).ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
        await process.StandardError.BaseStream.DisposeAsync().ConfigureAwait(false);
        process.Dispose();
        ending.Dispose();
    }

    /// <summary>Closes the program's standard input: there is no more.</summary>
    public static async ValueTask CloseAsync(Stream input)
    {
        try
        {
            await input.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The program does not read any more.
        }
    }

    // What the program wrote is read to the end; but a process that it has left behind may keep that from coming for ever.
    private async Task WaitForErrorsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task grace = Task.Delay(ErrorGrace, TimeProvider.System, cancellationToken);
            if (await Task.WhenAny(readingErrors, grace).ConfigureAwait(false) == readingErrors
                || PipeHolders.Exist(process.StandardError.BaseStream))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    // The program itself can be waited for, but not what it has started: that is gone when nobody has the pipes any more.
    private async Task DrainAsync()
    {
        using var grace = new CancellationTokenSource(KillGrace, TimeProvider.System);
        byte[] buffer = new byte[4096];
        try
        {
            while (await Output.ReadAsync(buffer, grace.Token).ConfigureAwait(false) > 0)
            {
            }

            await readingErrors.WaitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // Something that could not be killed keeps a pipe open. It is not worth more waiting.
        }
    }

    // True for the one that comes first.
    private bool TryEnd()
    {
        lock (gate)
        {
            bool first = !ended;
            ended = true;
            return first;
        }
    }

    private static ProcessStartInfo InfoOf(ProgramStart start)
    {
        var info = new ProcessStartInfo(start.FileName, start.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = start.WorkingDirectory ?? "",
        };
        foreach ((string name, string? value) in start.Environment)
        {
            // Null takes the variable away.
            info.Environment[name] = value;
        }

        return info;
    }
}
