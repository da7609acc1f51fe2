using System.Buffers;

namespace Leat.Pools;

/// <summary>Bytes that wait, first in, first out, in chunks that are used again. Whoever uses it keeps others out meanwhile.</summary>
internal sealed class ByteQueue
{
    private const int ChunkSize = 64 * 1024;

    private readonly Queue<(byte[] Bytes, int Count)> full = new();
    private byte[]? tail;
    private int tailCount;
    private int read;

    /// <summary>How many bytes wait.</summary>
    public int Count { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length;
        while (bytes.Length > 0)
        {
            tail ??= ArrayPool<byte>.Shared.Rent(ChunkSize);
            int part = Math.Min(bytes.Length, ChunkSize - tailCount);
            bytes[..part].CopyTo(tail.AsSpan(tailCount));
            tailCount += part;
            bytes = bytes[part..];
            if (tailCount == ChunkSize)
            {
                full.Enqueue((tail, tailCount));
                (tail, tailCount) = (null, 0);
            }
        }
    }

    /// <summary>Takes as many bytes as there are, and as fit; says how many.</summary>
    public int Take(Span<byte> into)
    {
        int taken = 0;
        while (taken < into.Length && Count > 0)
        {
            (byte[] bytes, int end) = full.TryPeek(out (byte[] Bytes, int Count) first) ? first : (tail!, tailCount);
            int part = Math.Min(into.Length - taken, end - read);
            bytes.AsSpan(read, part).CopyTo(into[taken..]);
            (taken, read, Count) = (taken + part, read + part, Count - part);
            if (read == end) DropChunk();
        }

        return taken;
    }

    /// <summary>Drops all that waits.</summary>
    public void Clear()
    {
        while (full.TryDequeue(out (byte[] Bytes, int Count) chunk))
        {
            ArrayPool<byte>.Shared.Return(chunk.Bytes);
        }

        if (tail is not null) ArrayPool<byte>.Shared.Return(tail);
        (tail, tailCount, read, Count) = (null, 0, 0, 0);
    }

    private void DropChunk()
    {
        read = 0;
        if (full.TryDequeue(out (byte[] Bytes, int Count) chunk))
        {
            ArrayPool<byte>.Shared.Return(chunk.Bytes);
        }
        else
        {
            ArrayPool<byte>.Shared.Return(tail!);
            (tail, tailCount) = (null, 0);
        }
    }
}
