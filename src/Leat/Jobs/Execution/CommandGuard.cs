using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// Ends programs, with all that they have started, when this program ends before them, however it ends: a shell that is told their numbers waits
/// for the end of the pipe to it. What they have started is their group, and on Linux also what has left that; on Windows, and where there is no
/// shell, nobody sees to it.
/// </summary>
internal sealed class CommandGuard : IDisposable
{
    // Stopped first, so that none can start another behind its back. It is there when Ctrl+C has ended everybody else.
    private const string Script = """
        trap '' INT HUP TERM QUIT
        k() { kill -STOP $1; for c in $(cat /proc/$1/task/*/children); do k $c; done; kill -KILL $1; }
        l=
        while read o p; do
          case $o in
            +) l="$l $p";;
            -) n=; for x in $l; do [ $x = $p ] || n="$n $x"; done; l=$n;;
          esac
        done
        for x in $l; do k $x; kill -s KILL -- -$x; done 2>/dev/null
        """;

    private readonly Lock gate = new();
    private Process? shell;
    private bool isStarted;

    /// <summary>
    /// Where a program enters its number itself before it begins, as a line of <c>+</c> and the number, so that a kill of this program can't come
    /// between its start and <see cref="Add"/>; null where there is no such place.
    /// </summary>
    public string? Register()
    {
        if (!OperatingSystem.IsLinux()) return null;
        lock (gate)
        {
            Begin();
            return shell?.StandardInput.BaseStream is PipeStream pipe
                ? string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{pipe.SafePipeHandle.DangerousGetHandle()}")
                : null;
        }
    }

    /// <summary>A program has started.</summary>
    public void Add(int id) => Tell('+', id);

    /// <summary>A program has ended.</summary>
    public void Remove(int id) => Tell('-', id);

    /// <summary>There are no more programs.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isStarted = true;
            if (shell is null) return;
            Close();
            shell.WaitForExit();
            shell.Dispose();
            shell = null;
        }
    }

    private void Tell(char what, int id)
    {
        if (OperatingSystem.IsWindows()) return;
        lock (gate)
        {
            Begin();
            try
            {
                shell?.StandardInput.BaseStream.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {id}\n")));
            }
            catch (IOException)
            {
                // Somebody has ended it. It guards nobody any more.
            }
        }
    }

    private void Begin()
    {
        if (!isStarted) shell = Start();
        isStarted = true;
    }

    private void Close()
    {
        try
        {
            shell!.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    private static Process? Start()
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, UseShellExecute = false };
        // As those that it guards: whoever ends this program with its group must not end it before it has done its work.
        OwnGroup.TryLead(info);
        try
        {
            return Process.Start(info);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }
}
