using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Leat.Code;

/// <summary>256 bits (SHA-256) that stand for the code of a delegate: equal code, equal fingerprint, on every machine.</summary>
internal readonly record struct Fingerprint : IParsable<Fingerprint>, IComparable<Fingerprint>
{
    /// <summary>Bytes in a fingerprint.</summary>
    public const int Size = 32;

    private readonly ulong first, second, third, fourth;

    /// <summary>Takes the 32 bytes of a hash.</summary>
    public Fingerprint(ReadOnlySpan<byte> hash)
    {
        first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        second = BinaryPrimitives.ReadUInt64BigEndian(hash[8..]);
        third = BinaryPrimitives.ReadUInt64BigEndian(hash[16..]);
        fourth = BinaryPrimitives.ReadUInt64BigEndian(hash[24..Size]);
    }

    /// <summary>The fingerprint of a text, as UTF-8.</summary>
    public static Fingerprint OfText(ReadOnlySpan<char> text)
    {
        byte[] bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = System.Text.Encoding.UTF8.GetBytes(text, bytes);
        return OfBytes(bytes.AsSpan(0, length));
    }

    /// <summary>The fingerprint of bytes.</summary>
    public static Fingerprint OfBytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(bytes, hash);
        return new Fingerprint(hash);
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
    public static Fingerprint Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out Fingerprint result) ? result : throw CodeErrors.NoFingerprint(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Fingerprint result)
    {
        Span<byte> hash = stackalloc byte[Size];
        bool isOne = s?.Length == 2 * Size
            && Convert.FromHexString(s, hash, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == Size;
        result = isOne ? new Fingerprint(hash) : default;
        return isOne;
    }

    /// <inheritdoc/>
    public int CompareTo(Fingerprint other) =>
        (first, second, third, fourth).CompareTo((other.first, other.second, other.third, other.fourth));

    /// <summary>64 hexadecimal digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
