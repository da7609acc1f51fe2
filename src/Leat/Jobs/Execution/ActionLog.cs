using System.Buffers;
using System.Text;

namespace Leat.Jobs;

/// <summary>The file with what an attempt at a job has written to its console: made with the first byte. Safe for several threads.</summary>
internal sealed class ActionLog(string path)
{
    private const int Room = 8 * 1024;

    private readonly Lock gate = new();
    private readonly Encoder encoder = System.Text.Encoding.UTF8.GetEncoder();
    private readonly ArrayBufferWriter<byte> waiting = new(256);
    private FileStream? file;
    private bool closed;
    private bool endsLine = true;

    /// <summary>True when something was written.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Writes text. Parts of lines wait for their ends, unless they are long.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        if (text.Length == 0) return;
        lock (gate)
        {
            if (closed) return;
            encoder.Convert(text, waiting, flush: false, out _, out _);
            if (text[^1] == '\n' || waiting.WrittenCount >= Room) WriteOut();
        }
    }

    /// <summary>Writes bytes, which are there for others to read at once.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (closed) return;
            waiting.Write(bytes);
            WriteOut();
        }
    }

    /// <summary>Lets others read all that was written.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (!closed) WriteOut();
        }
    }

    /// <summary>Nothing more is written: who still does so was left behind.</summary>
    /// <param name="error">What the action has thrown, if it has: it is written last, with where it came from.</param>
    /// <returns>True when something was written.</returns>
    public bool Close(Exception? error = null)
    {
        lock (gate)
        {
            if (!closed && error is not null) WriteError(error);
            if (!closed) WriteOut();
            closed = true;
            file?.Dispose();
            return HasContent;
        }
    }

    private void WriteError(Exception error)
    {
        string text = ThrownText.Of(error);
        if (text.Length == 0) return;
        WriteOut();
        // What was written before may end within a line.
        if (endsLine) Write(text);
        else Write($"\n{text}");
    }

    private void WriteOut()
    {
        if (waiting.WrittenCount == 0) return;
        try
        {
            file ??= Open();
            file.Write(waiting.WrittenSpan);
            endsLine = waiting.WrittenSpan[^1] == (byte)'\n';
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // A disk that is full must not make an action fail that only says how it gets on: what it makes will tell.
        }

        waiting.ResetWrittenCount();
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Others may read what is there so far.
        var opened = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        HasContent = true;
        return opened;
    }
}
