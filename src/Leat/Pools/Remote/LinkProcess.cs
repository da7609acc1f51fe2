using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;

namespace Leat.Pools;

/// <summary>The process of this machine whose standard streams lead to another one.</summary>
internal sealed class LinkProcess : IDisposable
{
    private const int MostKept = 8 * 1024;

    private static readonly SearchValues<char> Quotable = SearchValues.Create(" '\"$;|&<>(){}*");

    private readonly Process process;
    private readonly System.Text.StringBuilder errors = new();
    private readonly Task reading;

    private LinkProcess(Process process, string command)
    {
        this.process = process;
        Text = command;
        reading = ReadErrorsAsync();
    }

    /// <summary>The command, as it can be tried in a terminal.</summary>
    public string Text { get; }

    /// <summary>What the process writes comes from the other machine.</summary>
    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>What the process reads goes to the other machine.</summary>
    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>The last that it wrote to its standard error.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString().Trim();
            }
        }
    }

    /// <summary>How a command for a link is started.</summary>
    public static ProcessStartInfo Command(string program) => new()
    {
        FileName = program,
        UseShellExecute = false,
        CreateNoWindow = true,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardErrorEncoding = System.Text.Encoding.UTF8,
    };

    /// <summary>Starts a command.</summary>
    /// <exception cref="LeatException">It can't be started.</exception>
    public static LinkProcess Start(string host, ProcessStartInfo info)
    {
        string command = TextOf(info);

        // In a session of its own: Ctrl+C in the terminal is for the program, which then ends the link in its own time.
        OwnGroup.TryLead(info);
        var started = new Process { StartInfo = info };
        try
        {
            started.Start();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            started.Dispose();
            throw RemoteErrors.NoProgram(host, command, error);
        }

        return new LinkProcess(started, command);
    }

    /// <summary>Waits until it has ended and says with which exit code; one that does not end is ended.</summary>
    public async Task<int> EndAsync(TimeSpan patience)
    {
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill();
        await process.WaitForExitAsync().ConfigureAwait(false);
        await reading.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return process.ExitCode;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            // It has ended.
        }
    }

    /// <summary>Sends nothing more, which the other side sees.</summary>
    public void CloseInput()
    {
        try
        {
            Input.Dispose();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }

    private static string TextOf(ProcessStartInfo info) =>
        string.Join(' ', info.ArgumentList.Prepend(info.FileName).Select(word => word.AsSpan().ContainsAny(Quotable) ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : word));

    private async Task ReadErrorsAsync()
    {
        char[] buffer = new char[1024];
        try
        {
            while (await process.StandardError.ReadAsync(buffer).ConfigureAwait(false) is var read and > 0)
            {
                lock (errors)
                {
                    errors.Append(buffer, 0, read);
                    if (errors.Length > MostKept) errors.Remove(0, errors.Length - MostKept);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended.
        }
    }
}
