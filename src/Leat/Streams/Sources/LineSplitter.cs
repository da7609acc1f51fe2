namespace Leat.Streams;

/// <summary>
/// Cuts bytes, as they come, into lines of UTF-8 or of any other encoding in which a line feed is the byte 10. A
/// carriage return before the line feed belongs to the line's end, and a byte order mark ahead of the first line to
/// nothing.
/// </summary>
internal sealed class LineSplitter
{
    private const int SmallestBuffer = 64 * 1024;

    // bytes:   taken | start … no line feed … scanned … not looked at … end | room
    private byte[] buffer = new byte[SmallestBuffer];
    private int start;
    private int scanned;
    private int end;

    /// <summary>Lines taken so far.</summary>
    public long Taken { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Where the next bytes go, at least half a buffer; what was taken before is overwritten.</summary>
    public Memory<byte> Room()
    {
        int left = end - start;
        if (left > buffer.Length / 2)
        {
            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Array.MaxLength));
        }

        buffer.AsSpan(start, left).CopyTo(buffer);
        scanned -= start;
        start = 0;
        end = left;
        return buffer.AsMemory(end);
    }

    /// <summary>Says how many bytes were written to <see cref="Room"/>.</summary>
    public void Commit(int count) => end += count;

    /// <summary>Takes the next whole line, without its end; it is good until the next call of <see cref="Room"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        int length = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
        if (length < 0)
        {
            scanned = end;
            line = default;
            return false;
        }

        int lineFeed = scanned + length;
        line = Cut(lineFeed);
        start = scanned = lineFeed + 1;
        return true;
    }

    /// <summary>Takes what stands behind the last line feed, when there is anything.</summary>
    public bool TryTakeRest(out ReadOnlySpan<byte> line)
    {
        bool any = start < end;
        line = any ? Cut(end) : default;
        start = scanned = end;
        return any;
    }

    /// <summary>Forgets everything: other bytes come, from a beginning.</summary>
    public void Reset()
    {
        start = scanned = end = 0;
        Taken = 0;
    }

    private ReadOnlySpan<byte> Cut(int to)
    {
        ReadOnlySpan<byte> line = buffer.AsSpan(start, to - start);
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        return Taken++ == 0 && line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;
    }
}
