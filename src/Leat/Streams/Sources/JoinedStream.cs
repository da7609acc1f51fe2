namespace Leat.Streams;

/// <summary>Reads several streams as one. A single read never gives bytes of two of them.</summary>
internal sealed class JoinedStream(params IReadOnlyList<Stream> parts) : Stream
{
    private int part;

    /// <summary>The index of the stream that is read now.</summary>
    public int Part => part;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = parts[part].Read(buffer);
        while (count == 0 && part < parts.Count - 1 && !buffer.IsEmpty)
        {
            part++;
            count = parts[part].Read(buffer);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (Stream stream in disposing ? parts : [])
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
