using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Leat.Encoding;

/// <summary>Takes the bytes of a value. What a codec writes here, it reads back in the same order from an <see cref="EncodingReader"/>.</summary>
public sealed class EncodingWriter
{
    private const int SmallestBuffer = 256;
    private const int LongestVarint = 10;

    private byte[] buffer = [];
    private int count;
    private Nesting? nesting;
    private TagTable? tags;

    internal EncodingWriter()
    {
    }

    /// <summary>How many bytes to write before <see cref="EnoughException"/> says that it is enough; no limit by default.</summary>
    internal int Most { get; init; } = int.MaxValue;

    /// <summary>What codecs of the library may ask whom they write for; null where it is nobody's business.</summary>
    internal object? Context { get; set; }

    /// <summary>What was written so far.</summary>
    internal ReadOnlySpan<byte> Written => buffer.AsSpan(0, count);

    internal int Count => count;

    /// <summary>Objects that are written as the ones that they are, and not as what they hold; null, as nearly always, for none.</summary>
    internal ISharedObjects? Shared { get; set; }

    internal Nesting Nesting => nesting ??= new Nesting();

    internal TagTable Tags => tags ??= new TagTable();

    /// <summary>Writes an unmanaged value as it lies in memory, in little-endian order.</summary>
    /// <typeparam name="T">A type without padding, such as a number; of others the bytes would not be the same for equal values.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write<T>(T value)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        int at = count;
        if (buffer.Length - at < size)
        {
            Grow(size);
        }

        Unsafe.WriteUnaligned(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(buffer), at), value);
        count = at + size;
    }

    /// <summary>Writes a number in as few bytes as it needs: seven bits a byte, the lowest first.</summary>
    public void WriteVarint(ulong value)
    {
        if (buffer.Length - count < LongestVarint)
        {
            Grow(LongestVarint);
        }

        while (value >= 0x80)
        {
            buffer[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[count++] = (byte)value;
    }

    /// <summary>Writes bytes as they are; their number is not written.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        count += bytes.Length;
    }

    /// <summary>Writes a value of a type that Leat can encode.</summary>
    /// <exception cref="EncodingException">It can't be encoded.</exception>
    public void WriteValue<T>(T value) => Codecs.For<T>().Write(this, value);

    /// <summary>Room for at least as many bytes; <see cref="Advance"/> says how many were used.</summary>
    internal Span<byte> Reserve(int size)
    {
        if (buffer.Length - count < size)
        {
            Grow(size);
        }

        return buffer.AsSpan(count);
    }

    internal void Advance(int used) => count += used;

    /// <summary>Takes back everything behind a place.</summary>
    internal void Rewind(int to) => count = to;

    /// <summary>Leaves room for a length, and returns its place for <see cref="CloseLength"/>.</summary>
    internal int OpenLength()
    {
        Write(0);
        return count;
    }

    /// <summary>Fills in how many bytes were written behind the room that was left for it.</summary>
    internal void CloseLength(int place) => Unsafe.WriteUnaligned(ref buffer[place - sizeof(int)], count - place);

    /// <summary>Writes over what stands at a place.</summary>
    internal void Replace<T>(int place, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(ref buffer[place], value);

    /// <summary>
    /// Writes a value that stands for itself: it shares nothing with those before it, and nothing of it is left when it can't be
    /// encoded.
    /// </summary>
    /// <exception cref="EncodingException">It can't be encoded; the message names the way to what can't.</exception>
    internal void WriteAlone<T>(Codec<T> codec, T value)
    {
        int start = count;
        try
        {
            codec.Write(this, value);
        }
        catch (Exception error)
        {
            count = start;
            Forget();
            if (error is CulpritException culprit)
            {
                throw culprit.Explain(ObjectPath.Find(value!, culprit.Culprit));
            }

            throw;
        }

        Forget();
    }

    /// <summary>Compares two pieces of what was written, byte by byte.</summary>
    internal int Compare(int oneStart, int oneLength, int otherStart, int otherLength) =>
        buffer.AsSpan(oneStart, oneLength).SequenceCompareTo(buffer.AsSpan(otherStart, otherLength));

    /// <summary>Puts pieces that lie one behind the other at the end into another order.</summary>
    /// <param name="start">Where the first piece starts; the last ends at the end.</param>
    /// <param name="pieces">Where each starts and how long it is, in the new order.</param>
    internal void Reorder(int start, ReadOnlySpan<(int Start, int Length)> pieces)
    {
        byte[] old = ArrayPool<byte>.Shared.Rent(count - start);
        buffer.AsSpan(start, count - start).CopyTo(old);
        int at = start;
        foreach ((int from, int length) in pieces)
        {
            old.AsSpan(from - start, length).CopyTo(buffer.AsSpan(at));
            at += length;
        }

        ArrayPool<byte>.Shared.Return(old);
    }

    /// <summary>Forgets everything, and keeps the buffer if it is not a large one.</summary>
    internal void Clear(int largestKept)
    {
        count = 0;
        Context = null;
        Forget();
        if (buffer.Length > largestKept)
        {
            buffer = [];
        }
    }

    private void Forget()
    {
        tags?.Clear();
        nesting?.Clear();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        long needed = (long)count + size;
        if (needed > Most)
        {
            throw EncodingErrors.Enough();
        }

        if (needed > Array.MaxLength)
        {
            throw EncodingErrors.TooLarge();
        }

        int length = (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(SmallestBuffer, buffer.Length * 2L)));
        byte[] larger = GC.AllocateUninitializedArray<byte>(length);
        buffer.AsSpan(0, count).CopyTo(larger);
        buffer = larger;
    }
}
