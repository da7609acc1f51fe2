using System.Buffers.Binary;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Reads the bytes of a state; one that is cut short ends in an <see cref="ArgumentException"/> or an <see cref="InvalidDataException"/>.</summary>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => rest.Length;

    public byte ReadByte() => ReadBytes(1)[0];

    public int ReadInt() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(sizeof(int)));

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(sizeof(long)));

    public Digest ReadDigest() => new(ReadBytes(Digest.Size));

    public string ReadText() => System.Text.Encoding.UTF8.GetString(ReadBytes(ReadInt()));

    public FileStamp ReadStamp() => new(ReadLong(), ReadTime(), ReadTime());

    /// <summary>How many of something follow, of which each takes at least so many bytes.</summary>
    public int ReadCount(int smallest)
    {
        int count = ReadInt();
        return count >= 0 && (long)count * smallest <= rest.Length ? count : throw new InvalidDataException("The state is damaged.");
    }

    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        ReadOnlySpan<byte> taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private DateTime ReadTime() => new(ReadLong(), DateTimeKind.Utc);
}
