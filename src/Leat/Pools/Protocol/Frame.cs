using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Leat.Pools;

/// <summary>A message that was read. Its body is good until the next one is read, unless it is <see cref="IsOwn"/>.</summary>
/// <param name="Kind">What it says: a <see cref="ToWorker"/> or a <see cref="FromWorker"/>.</param>
/// <param name="Body">The rest.</param>
/// <param name="IsOwn">True when the body is an array of its own, good until it is returned.</param>
internal readonly record struct Frame(byte Kind, ReadOnlyMemory<byte> Body, bool IsOwn)
{
    /// <summary>Gives a body that is its own back, to be used again.</summary>
    public void Return()
    {
        if (IsOwn && MemoryMarshal.TryGetArray(Body, out ArraySegment<byte> array))
        {
            ArrayPool<byte>.Shared.Return(array.Array!);
        }
    }

    /// <summary>Set in the kind of a message whose body lies in shared memory.</summary>
    public const byte InPayload = 0x80;
}

/// <summary>Takes a stream apart into messages.</summary>
/// <param name="stream">Where they come from. It may give as few bytes at a time as it likes.</param>
/// <param name="largest">The longest message that is read; a longer one is an error.</param>
internal sealed class FrameReader(Stream stream, int largest)
{
    private const int HeaderSize = 5;

    private readonly byte[] buffer = new byte[256 * 1024];
    private int start;
    private int end;

    /// <summary>The longest message that is read.</summary>
    public int Largest { get; set; } = largest;

    /// <summary>Where large bodies lie, and how the other side learns that one was read.</summary>
    public (PeerPayloads File, Action<long> Freed)? Payloads { get; set; }

    /// <summary>Waits for the next message; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">The bytes are no messages, or they end in the middle of one.</exception>
    public Frame? Read()
    {
        if (!Fill(HeaderSize))
        {
            return end == start ? null : throw new InvalidDataException("The stream ends in the middle of a message.");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
        byte kind = buffer[start + sizeof(int)];
        if (length < 0 || length > Largest)
        {
            throw new InvalidDataException($"A message announces {length} bytes, which is more than any has.");
        }

        start += HeaderSize;
        if (length <= buffer.Length)
        {
            if (!Fill(length))
            {
                throw new InvalidDataException("The stream ends in the middle of a message.");
            }

            ReadOnlyMemory<byte> body = buffer.AsMemory(start, length);
            start += length;
            return (kind & Frame.InPayload) == 0 ? new Frame(kind, body, IsOwn: false) : Fetch(kind, body.Span);
        }

        return new Frame(kind, ReadLong(length), IsOwn: true);
    }

    private Frame Fetch(byte kind, ReadOnlySpan<byte> place)
    {
        if (Payloads is not { } payloads || place.Length != sizeof(long) + sizeof(int))
        {
            throw new InvalidDataException("A message lies in shared memory, of which there is none.");
        }

        long offset = BinaryPrimitives.ReadInt64LittleEndian(place);
        int length = BinaryPrimitives.ReadInt32LittleEndian(place[sizeof(long)..]);
        if (length < 0 || length > Largest)
        {
            throw new InvalidDataException("A message in shared memory has no length.");
        }

        Memory<byte> body = ArrayPool<byte>.Shared.Rent(length).AsMemory(0, length);
        payloads.File.Read(offset, body.Span);
        payloads.Freed(offset);
        return new Frame((byte)(kind & ~Frame.InPayload), body, IsOwn: true);
    }

    private Memory<byte> ReadLong(int length)
    {
        Memory<byte> body = ArrayPool<byte>.Shared.Rent(length).AsMemory(0, length);
        int there = end - start;
        buffer.AsSpan(start, there).CopyTo(body.Span);
        start = end = 0;
        try
        {
            stream.ReadExactly(body.Span[there..]);
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("The stream ends in the middle of a message.", error);
        }

        return body;
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
            end -= start;
            start = 0;
        }

        while (end - start < size)
        {
            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                return false;
            }

            end += read;
        }

        return true;
    }
}
