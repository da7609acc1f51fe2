namespace Leat.Streams;

/// <summary>Reads several streams as one. A single read never gives bytes of two of them.</summary>
internal sealed class JoinedStream(params IReadOnlyList<Stream> parts) : ReadOnlyStream
{
    private int part;

    /// <summary>The index of the stream that is read now.</summary>
    public int Part => part;

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

    protected override void Dispose(bool disposing)
    {
        foreach (Stream stream in disposing ? parts : [])
        {
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
