using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Leat.Encoding;

/// <summary>
/// Gives back the bytes of a value. They may be damaged, or made to do damage: whatever a length says, no more is read
/// than there is.
/// </summary>
public sealed class EncodingReader
{
    private readonly byte[] bytes;
    private readonly int start;
    private readonly int end;
    private long promised;
    private int at;
    private Nesting? nesting;
    private TagTable? tags;

    internal EncodingReader(ReadOnlyMemory<byte> memory)
    {
        if (!MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> segment))
        {
            segment = memory.ToArray();
        }

        bytes = segment.Array!;
        at = segment.Offset;
        end = at + segment.Count;
        start = at;
    }

    /// <summary>Bytes that are left.</summary>
    public int Left => end - at;

    /// <summary>Bytes that were read.</summary>
    internal int Position => at;

    /// <summary>What <see cref="EncodingWriter.Shared"/> is on the other side.</summary>
    internal IKnownObjects? Shared { get; set; }

    internal Nesting Nesting => nesting ??= new Nesting();

    internal TagTable Tags => tags ??= new TagTable();

    /// <summary>Reads what <see cref="EncodingWriter.Write{T}"/> has written.</summary>
    /// <exception cref="EncodingException">There are not as many bytes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>()
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        int from = at;
        if (end - from < size)
        {
            throw TooShort(size);
        }

        at = from + size;
        return Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), from));
    }

    /// <summary>Reads what <see cref="EncodingWriter.WriteVarint"/> has written.</summary>
    /// <exception cref="EncodingException">There is no such number.</exception>
    public ulong ReadVarint()
    {
        ReadOnlySpan<byte> rest = bytes.AsSpan(at, Left);
        ulong value = 0;
        for (int i = 0; i < rest.Length && i < 10; i++)
        {
            byte next = rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80)
            {
                continue;
            }

            // One form for each number: no needless zeros at its end, no bits beyond the 64th.
            if ((next == 0 && i > 0) || (i == 9 && next > 1))
            {
                break;
            }

            at += i + 1;
            return value;
        }

        throw Damaged("a number has no end, or more bytes than it needs");
    }

    /// <summary>Reads the number of elements of which each takes at least some bytes.</summary>
    /// <param name="smallest">How many, at least 1.</param>
    /// <exception cref="EncodingException">There are not enough bytes for as many elements.</exception>
    public int ReadCount(int smallest = 1)
    {
        ulong number = ReadVarint();
        return number <= (ulong)(Math.Max(0, Left - promised) / smallest)
            ? (int)number
            : throw Damaged($"{number} elements are announced, and {Left} bytes are left");
    }

    /// <summary>
    /// Sets bytes apart for elements that were counted but not read, so that what is nested in one of them can't be promised
    /// the same again; a negative number gives them back.
    /// </summary>
    internal void Promise(long bytes) => promised += bytes;

    /// <summary>Reads bytes as they are; they are good as long as the value is being decoded.</summary>
    /// <exception cref="EncodingException">There are not as many.</exception>
    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)Left)
        {
            throw TooShort(length);
        }

        ReadOnlySpan<byte> taken = bytes.AsSpan(at, length);
        at += length;
        return taken;
    }

    /// <summary>Reads what <see cref="EncodingWriter.WriteValue{T}"/> has written.</summary>
    /// <exception cref="EncodingException">The bytes are not those of a <typeparamref name="T"/>.</exception>
    public T ReadValue<T>() => Codecs.For<T>().Read(this);

    /// <summary>Reads a value that <see cref="EncodingWriter.WriteAlone{T}"/> has written.</summary>
    /// <exception cref="EncodingException">The bytes are not those of a <typeparamref name="T"/>.</exception>
    internal T ReadAlone<T>(Codec<T> codec)
    {
        try
        {
            return codec.Read(this);
        }
        catch (Exception error) when (error is not EncodingException and not OutOfMemoryException)
        {
            throw EncodingErrors.NoObject(at, error);
        }
        finally
        {
            promised = 0;
            tags?.Clear();
            nesting?.Clear();
        }
    }

    /// <summary>Goes to a place behind which reading goes on.</summary>
    internal void MoveTo(int place) => at = place;

    /// <summary>Compares two pieces of what was read, byte by byte.</summary>
    internal int Compare(int oneStart, int oneLength, int otherStart, int otherLength) =>
        bytes.AsSpan(oneStart, oneLength).SequenceCompareTo(bytes.AsSpan(otherStart, otherLength));

    /// <summary>The error to throw when bytes make no value.</summary>
    /// <param name="what">What is wrong, as a part of a sentence.</param>
    public EncodingException Damaged(string what) => EncodingErrors.Damaged(at - start, what);

    private EncodingException TooShort(int length) => Damaged($"{length} bytes are expected, and {Left} are left");
}
