using System.Buffers.Binary;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>
/// Many channels over one stream. What is said about them goes ahead of what they carry, and what they carry goes in turn, a frame of
/// each, so that neither a long message nor a slow reader holds the others up.
/// </summary>
/// <remarks>
/// One thread reads, one writes. The one that reads never waits for anything but the stream: what it receives fits into the windows of
/// the channels, and what it has to say it leaves to the one that writes. So two ends can't wait for each other.
/// </remarks>
internal sealed class Multiplexer
{
    /// <summary>The most that a frame carries.</summary>
    public const int LargestFrame = 64 * 1024;

    private const int HeaderSize = 8;
    private const int BatchSize = 4 * (LargestFrame + HeaderSize);

    private readonly Stream input;
    private readonly Stream output;
    private readonly Action<LinkMessage, EncodingReader> onMessage;
    private readonly Dictionary<uint, Channel> channels = [];
    private readonly LinkedList<Channel> ready = new();
    private readonly ByteQueue said = new();
    private readonly byte[] batch = new byte[BatchSize];
    private readonly byte[] buffer = new byte[128 * 1024];
    private int start;
    private int end;
    private long heard;
    private bool isBroken;

    /// <summary>Takes the stream's two directions.</summary>
    /// <param name="input">Where the other side is read.</param>
    /// <param name="output">Where it reads.</param>
    /// <param name="onMessage">Told what the other side says, but for what is about the channels themselves. It must not wait.</param>
    public Multiplexer(Stream input, Stream output, Action<LinkMessage, EncodingReader> onMessage)
    {
        this.input = input;
        this.output = output;
        this.onMessage = onMessage;
        NoteHeard();
        new Thread(WriteAll) { IsBackground = true, Name = "leat link" }.UnsafeStart();
    }

    /// <summary>Guards what is to be sent.</summary>
    public object Gate { get; } = new();

    /// <summary>How long nothing has been heard of the other side.</summary>
    public TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref heard));

    /// <summary>How many frames have come for channels after <see cref="Break"/>.</summary>
    public long Refused { get; private set; }

    /// <summary>As if the other side had just been heard of.</summary>
    public void NoteHeard() => Interlocked.Exchange(ref heard, Environment.TickCount64);

    /// <summary>A new channel. Both sides must open it; a number is never used again.</summary>
    public Channel Open(uint id)
    {
        var channel = new Channel(this, id);
        lock (Gate)
        {
            if (isBroken)
            {
                channel.Break();
                channel.EndInput();
            }
            else
            {
                channels.Add(id, channel);
            }
        }

        return channel;
    }

    /// <summary>Says something, ahead of all that channels have to send.</summary>
    public void Send(LinkMessage kind, EncodingWriter body)
    {
        Span<byte> header = stackalloc byte[HeaderSize + 1];
        header.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], body.Count + 1);
        header[HeaderSize] = (byte)kind;
        lock (Gate)
        {
            if (isBroken) return;
            said.Add(header);
            said.Add(body.Written);
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>Tells the other side that bytes were read.</summary>
    public void SendCredit(uint channel, int bytes)
    {
        var body = new EncodingWriter();
        body.WriteVarint(channel);
        body.WriteVarint((ulong)bytes);
        Send(LinkMessage.Credit, body);
    }

    /// <summary>Reads until the stream ends.</summary>
    /// <exception cref="IOException">It can't be read any more.</exception>
    /// <exception cref="InvalidDataException">The bytes are no frames.</exception>
    public void ReadAll()
    {
        while (Fill(HeaderSize))
        {
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(start));
            int length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start + sizeof(int)));
            if (length is <= 0 or > LargestFrame) throw new InvalidDataException("A frame has no length.");
            start += HeaderSize;
            if (!Fill(length)) throw new InvalidDataException("The stream ends in the middle of a frame.");
            NoteHeard();
            if (id == 0) Take(buffer.AsMemory(start, length));
            else Find(id)?.Accept(buffer.AsSpan(start, length));
            start += length;
        }
    }

    /// <summary>Ends all channels: what comes for them from now on is counted, and nothing else.</summary>
    public void Break()
    {
        Channel[] all;
        lock (Gate)
        {
            if (isBroken) return;
            isBroken = true;
            all = [.. channels.Values];
            channels.Clear();
            ready.Clear();
            said.Clear();
            foreach (Channel channel in all) channel.Break();
            Monitor.PulseAll(Gate);
        }

        foreach (Channel channel in all) channel.EndInput();
    }

    /// <summary>A channel has something to send, or nothing any more. The lock is held.</summary>
    public void Offer(Channel channel)
    {
        if (!isBroken && !ready.Contains(channel)) ready.AddLast(channel);
        Monitor.PulseAll(Gate);
    }

    /// <summary>A channel is no longer used on this side.</summary>
    public void Close(Channel channel)
    {
        lock (Gate)
        {
            if (!channels.Remove(channel.Id)) return;
            channel.Break();
            ready.Remove(channel);
        }

        var body = new EncodingWriter();
        body.WriteVarint(channel.Id);
        Send(LinkMessage.Close, body);
    }

    private Channel? Find(uint id)
    {
        lock (Gate)
        {
            if (isBroken) Refused++;
            return channels.GetValueOrDefault(id);
        }
    }

    private void Take(ReadOnlyMemory<byte> message)
    {
        var kind = (LinkMessage)message.Span[0];
        var body = new EncodingReader(message[1..]);
        switch (kind)
        {
            case LinkMessage.Credit:
                uint id = checked((uint)body.ReadVarint());
                int bytes = checked((int)body.ReadVarint());
                lock (Gate)
                {
                    if (!channels.TryGetValue(id, out Channel? channel)) break;
                    channel.AddCredit(bytes);
                    Offer(channel);
                }
                break;
            case LinkMessage.End:
                FindQuietly(checked((uint)body.ReadVarint()))?.EndInput();
                break;
            case LinkMessage.Close:
                OnClosed(FindQuietly(checked((uint)body.ReadVarint())));
                break;
            default:
                onMessage(kind, body);
                break;
        }
    }

    private void OnClosed(Channel? channel)
    {
        if (channel is null) return;
        lock (Gate)
        {
            channel.Break();
            ready.Remove(channel);
            Monitor.PulseAll(Gate);
        }

        channel.EndInput();
    }

    private Channel? FindQuietly(uint id)
    {
        lock (Gate)
        {
            return channels.GetValueOrDefault(id);
        }
    }

    private void WriteAll()
    {
        try
        {
            while (Compose() is var count and > 0)
            {
                output.Write(batch, 0, count);
                output.Flush();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The stream is gone, which the one that reads finds out as well.
            Break();
        }
    }

    // Waits for something to send; 0 when the link is broken.
    private int Compose()
    {
        lock (Gate)
        {
            while (true)
            {
                if (isBroken) return 0;
                int count = said.Take(batch);
                if (said.Count == 0) count = AddFrames(count);
                if (count > 0)
                {
                    // Those that wait for room in what is unsent.
                    Monitor.PulseAll(Gate);
                    return count;
                }

                Monitor.Wait(Gate);
            }
        }
    }

    // A frame of each channel in turn, for as long as one fits.
    private int AddFrames(int count)
    {
        while (ready.First is { } first && batch.Length - count > HeaderSize)
        {
            Channel channel = first.Value;
            ready.RemoveFirst();
            if (channel.HasSomethingToSend)
            {
                Span<byte> free = batch.AsSpan(count + HeaderSize);
                int length = channel.TakeUnsent(free[..Math.Min(free.Length, LargestFrame)]);
                BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(count), channel.Id);
                BinaryPrimitives.WriteInt32LittleEndian(batch.AsSpan(count + sizeof(int)), length);
                count += HeaderSize + length;
                if (channel.HasSomethingToSend || channel.IsSent) ready.AddLast(first);
            }
            else if (channel.IsSent)
            {
                // Behind the last of its bytes, not ahead of them as what else is said.
                var body = new EncodingWriter();
                body.WriteVarint(channel.Id);
                Span<byte> header = stackalloc byte[HeaderSize + 1];
                header.Clear();
                BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(int)..], body.Count + 1);
                header[HeaderSize] = (byte)LinkMessage.End;
                said.Add(header);
                said.Add(body.Written);
                if (count == 0) count = said.Take(batch);
                break;
            }
        }

        return count;
    }

    // False when the stream ends before.
    private bool Fill(int size)
    {
        if (start == end)
        {
            start = end = 0;
        }
        else if (buffer.Length - start < size)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        while (end - start < size)
        {
            int read = input.Read(buffer, end, buffer.Length - end);
            if (read == 0) return false;
            end += read;
        }

        return true;
    }
}
