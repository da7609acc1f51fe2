using System.Collections.Concurrent;

namespace Leat.Shell;

/// <summary>
/// Waits for keys on a thread of its own: as long as a thread waits for a key, the terminal echoes nothing, which would tear the display. The wait can't be
/// ended; the thread ends with the process.
/// </summary>
internal sealed class KeyReader
{
    private readonly ConcurrentQueue<ConsoleKeyInfo> keys = new();

    /// <summary>Starts to wait for keys, if there is a keyboard.</summary>
    public void Start(ShellConsole console)
    {
        if (!console.IsInputTerminal || console.ReadKey is not { } read) return;
        new Thread(() => ReadAll(read)) { IsBackground = true, Name = "Leat keys" }.Start();
    }

    public bool TryTake(out ConsoleKeyInfo key) => keys.TryDequeue(out key);

    private void ReadAll(Func<ConsoleKeyInfo> read)
    {
        try
        {
            while (true) keys.Enqueue(read());
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            // The terminal is gone. The run goes on without keys.
        }
    }
}
