using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Leat.Pools;

/// <summary>A worker that is a process of this machine.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int SignalBase = 128;

    private readonly Process process;
    private readonly Lock gate = new();
    private bool ended;

    private WorkerProcess(Process process, Action<string, bool> output, bool readsOutput)
    {
        this.process = process;
        Id = process.Id;
        // What the author's code reads there, or a program that it starts, is at its end: else that would wait for ever.
        if (readsOutput) process.StandardInput.Close();
        Task errors = ReadAsync(process.StandardError, isError: true, output);
        Output = readsOutput ? Task.WhenAll(errors, ReadAsync(process.StandardOutput, isError: false, output)) : errors;
        Ended = WaitAsync();
    }

    public int Id { get; }

    /// <summary>Completes when the process has ended, with how.</summary>
    public Task<string> Ended { get; }

    /// <summary>Completes when all that it wrote beside the protocol was read.</summary>
    public Task Output { get; }

    public Stream StandardInput => process.StandardInput.BaseStream;

    public Stream StandardOutput => process.StandardOutput.BaseStream;

    /// <summary>Starts this program as a worker.</summary>
    /// <param name="greeting">What it needs to connect.</param>
    /// <param name="output">Is told what it writes beside the protocol; true for its standard error.</param>
    /// <param name="readsOutput">False when the protocol has the standard output.</param>
    public static WorkerProcess Start(string greeting, Action<string, bool> output, bool readsOutput)
    {
        ProcessStartInfo info = ProgramCommand.Create(greeting);
        info.StandardOutputEncoding = System.Text.Encoding.UTF8;
        info.StandardErrorEncoding = System.Text.Encoding.UTF8;
        var started = new Process { StartInfo = info };
        try
        {
            started.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            started.Dispose();
            throw PoolErrors.NotStarted(info.FileName, error.Message, "", error);
        }

        return new WorkerProcess(started, output, readsOutput);
    }

    /// <summary>A new token.</summary>
    public static byte[] NewToken() => RandomNumberGenerator.GetBytes(Protocol.TokenLength);

    public void Kill()
    {
        lock (gate)
        {
            // A number that is free again may be another's.
            if (ended)
            {
                return;
            }

            if (OperatingSystem.IsWindows())
            {
                try
                {
                    process.Kill(entireProcessTree: true);
                }
                catch (Exception error) when (error is Win32Exception or InvalidOperationException or AggregateException)
                {
                    // It has ended meanwhile.
                }
            }
            else
            {
                UnixProcess.KillWithGroup(Id);
            }
        }
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    private async Task<string> WaitAsync()
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        lock (gate)
        {
            ended = true;
        }

        if (!OperatingSystem.IsWindows())
        {
            // What it has started and left behind. As long as there is any, the group's number is nobody else's.
            UnixProcess.KillGroup(Id);
        }

        int code = process.ExitCode;
        return code > SignalBase && !OperatingSystem.IsWindows()
            ? UnixProcess.NameOfSignal(code - SignalBase)
            : string.Create(CultureInfo.InvariantCulture, $"exit code {code}");
    }

    private static async Task ReadAsync(StreamReader reader, bool isError, Action<string, bool> output)
    {
        char[] buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer).ConfigureAwait(false) is var read and > 0)
            {
                output(new string(buffer, 0, read), isError);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The worker has ended.
        }
    }
}
