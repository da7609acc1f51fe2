using System.Buffers.Binary;

namespace Leat.Pools;

/// <summary>
/// Sends messages down a stream, each as a whole: its length in 4 bytes, its kind in one, its body. Large bodies go by way
/// of shared memory where there is one.
/// </summary>
/// <remarks>
/// A direct outbox writes from the caller's thread, which is quickest and fine where the other side always reads. Any
/// other hands what might block to a thread of its own.
/// </remarks>
/// <param name="stream">Where the messages go.</param>
/// <param name="direct">True where writes don't block for long.</param>
/// <param name="onBroken">Called when the stream can't be written any more; what is sent from then on goes nowhere.</param>
internal sealed class Outbox(Stream stream, bool direct, Action onBroken) : IDisposable
{
    private const int HeaderSize = 5;
    private const int LargestKept = 4 * 1024 * 1024;

    private readonly Lock gate = new();
    private byte[] filling = new byte[Protocol.LargestInline];
    private byte[] spare = new byte[Protocol.LargestInline];
    private int count;
    private SemaphoreSlim? work;
    private volatile bool ended;

    /// <summary>Where large bodies go; null sends all through the stream.</summary>
    public PayloadFile? Payloads { get; set; }

    public void Send(ToWorker kind, ReadOnlySpan<byte> body) => Send((byte)kind, body);

    public void Send(FromWorker kind, ReadOnlySpan<byte> body) => Send((byte)kind, body);

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            work?.Release();
        }
    }

    private void Send(byte kind, ReadOnlySpan<byte> body)
    {
        if (body.Length > Protocol.LargestInline && Payloads?.TryWrite(body) is { } offset)
        {
            Span<byte> place = stackalloc byte[sizeof(long) + sizeof(int)];
            BinaryPrimitives.WriteInt64LittleEndian(place, offset);
            BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(long)..], body.Length);
            Append((byte)(kind | Frame.InPayload), place);
            return;
        }

        Append(kind, body);
    }

    private void Append(byte kind, ReadOnlySpan<byte> body)
    {
        lock (gate)
        {
            MakeRoom(HeaderSize + body.Length);
            Span<byte> free = filling.AsSpan(count);
            BinaryPrimitives.WriteInt32LittleEndian(free, body.Length);
            free[sizeof(int)] = kind;
            body.CopyTo(free[HeaderSize..]);
            count += HeaderSize + body.Length;
            if (work is not null || (!direct || body.Length > Protocol.LargestInline))
            {
                HandToThread();
                return;
            }

            TryWrite(filling, count);
            count = 0;
        }
    }

    private void MakeRoom(int size)
    {
        if (filling.Length - count < size)
        {
            Array.Resize(ref filling, checked((int)Math.Min(Array.MaxLength, Math.Max((long)count + size, filling.Length * 2L))));
        }
    }

    // From then on everything goes that way, or messages would overtake each other.
    private void HandToThread()
    {
        if (work is null)
        {
            work = new SemaphoreSlim(0);
            new Thread(Loop) { IsBackground = true, Name = "leat outbox" }.UnsafeStart();
        }

        work.Release();
    }

    private void Loop()
    {
        while (!ended)
        {
            work!.Wait();
            byte[] full;
            int length;
            lock (gate)
            {
                (full, length) = (filling, count);
                filling = spare;
                count = 0;
            }

            if (length > 0 && !TryWrite(full, length))
            {
                return;
            }

            spare = full.Length <= LargestKept ? full : new byte[Protocol.LargestInline];
        }
    }

    private bool TryWrite(byte[] bytes, int length)
    {
        try
        {
            stream.Write(bytes, 0, length);
            stream.Flush();
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            onBroken();
            return false;
        }
    }
}
