namespace Leat.Pools;

/// <summary>
/// One of the streams that share a link. Each side may have as many bytes on their way as the <see cref="Window"/> is large; more may
/// be sent when the other side has read some. So a channel that nobody reads keeps no other one waiting.
/// </summary>
internal sealed class Channel(Multiplexer link, uint id) : SequentialStream
{
    /// <summary>How many bytes may be on their way, or wait to be read, in each direction.</summary>
    public const int Window = 4 * 1024 * 1024;

    // A writer waits when so much of its own waits for the link.
    private const int MostUnsent = 256 * 1024;

    private readonly object receiving = new();
    private readonly ByteQueue received = new();
    private readonly ByteQueue unsent = new();
    private int readUntold;
    private bool inputEnded;

    // What follows is guarded by the link.
    private int credit = Window;
    private bool outputClosed;
    private bool isBroken;

    public uint Id => id;

    /// <summary>Waits for bytes; 0 when the other side has closed the channel, or the link is gone.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0) return 0;
        int read;
        int grant = 0;
        lock (receiving)
        {
            while (received.Count == 0 && !inputEnded) Monitor.Wait(receiving);
            read = received.Take(buffer);
            readUntold += read;
            if (readUntold >= Window / 4 && !inputEnded) (grant, readUntold) = (readUntold, 0);
        }

        if (grant > 0) link.SendCredit(id, grant);
        return read;
    }

    /// <summary>Hands bytes to the link, and waits when too many are there already.</summary>
    /// <exception cref="IOException">The other side has closed the channel, or the link is gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            lock (link.Gate)
            {
                while (unsent.Count >= MostUnsent && !isBroken && !outputClosed) Monitor.Wait(link.Gate);
                if (isBroken || outputClosed) throw new IOException("The channel is closed.");
                int part = Math.Min(buffer.Length, MostUnsent - unsent.Count);
                unsent.Add(buffer[..part]);
                buffer = buffer[part..];
                link.Offer(this);
            }
        }
    }

    public override void Flush()
    {
        // What was written is on its way.
    }

    /// <summary>True when the link may take bytes from here. The link's lock is held.</summary>
    public bool HasSomethingToSend => unsent.Count > 0 && credit > 0 && !isBroken;

    /// <summary>True when all was sent and no more comes. The link's lock is held.</summary>
    public bool IsSent => outputClosed && unsent.Count == 0;

    /// <summary>Takes bytes that are to be sent. The link's lock is held.</summary>
    public int TakeUnsent(Span<byte> into)
    {
        int taken = unsent.Take(into[..Math.Min(into.Length, credit)]);
        credit -= taken;
        return taken;
    }

    /// <summary>The other side has read some. The link's lock is held.</summary>
    public void AddCredit(int bytes) => credit += bytes;

    /// <summary>Bytes have come.</summary>
    /// <exception cref="InvalidDataException">More than the other side may send.</exception>
    public void Accept(ReadOnlySpan<byte> bytes)
    {
        lock (receiving)
        {
            if (inputEnded) return;
            if (received.Count + readUntold + bytes.Length > Window) throw new InvalidDataException("The other side sends more than it may.");
            received.Add(bytes);
            Monitor.PulseAll(receiving);
        }
    }

    /// <summary>No more bytes come; those that are there can be read.</summary>
    public void EndInput()
    {
        lock (receiving)
        {
            inputEnded = true;
            Monitor.PulseAll(receiving);
        }
    }

    /// <summary>The link is gone, or the other side takes nothing more. The link's lock is held.</summary>
    public void Break()
    {
        isBroken = true;
        unsent.Clear();
    }

    /// <summary>No more is written; what was written is still sent.</summary>
    public void CloseOutput()
    {
        lock (link.Gate)
        {
            if (outputClosed || isBroken) return;
            outputClosed = true;
            link.Offer(this);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndInput();
            link.Close(this);
            lock (receiving)
            {
                received.Clear();
            }
        }

        base.Dispose(disposing);
    }
}
