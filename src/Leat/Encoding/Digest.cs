using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Leat.Encoding;

/// <summary>256 bits (SHA-256) that stand for content: equal content, equal digest, on every machine.</summary>
public readonly record struct Digest : IParsable<Digest>, IComparable<Digest>
{
    /// <summary>Bytes in a digest.</summary>
    public const int Size = 32;

    private readonly ulong first, second, third, fourth;

    /// <summary>Takes the 32 bytes of a hash.</summary>
    internal Digest(ReadOnlySpan<byte> hash)
    {
        first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        third = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        fourth = BinaryPrimitives.ReadUInt64BigEndian(hash[24..Size]);
    }

    /// <summary>The digest of bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new Digest(hash);
    }

    /// <summary>The digest of a text, as UTF-8.</summary>
    internal static Digest OfText(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = System.Text.Encoding.UTF8.GetBytes(text, bytes);
        return Of(bytes.AsSpan(0, length));
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], fourth);
    }

    /// <summary>Reads 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Digest Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out Digest result) ? result : throw EncodingErrors.NoDigest(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Digest result)
    {
        Span<byte> hash = stackalloc byte[Size];
        bool isOne = s?.Length == 2 * Size
            && Convert.FromHexString(s, hash, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == Size;
        result = isOne ? new Digest(hash) : default;
        return isOne;
    }

    /// <inheritdoc/>
    public int CompareTo(Digest other) =>
        (first, second, third, fourth).CompareTo((other.first, other.second, other.third, other.fourth));

    /// <summary>True if one comes before another.</summary>
    public static bool operator <(Digest left, Digest right) => left.CompareTo(right) < 0;

    /// <summary>True if one comes before another, or is the same.</summary>
    public static bool operator <=(Digest left, Digest right) => left.CompareTo(right) <= 0;

    /// <summary>True if one comes behind another.</summary>
    public static bool operator >(Digest left, Digest right) => left.CompareTo(right) > 0;

    /// <summary>True if one comes behind another, or is the same.</summary>
    public static bool operator >=(Digest left, Digest right) => left.CompareTo(right) >= 0;

    /// <summary>64 hexadecimal digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
