using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Leat.Storage;

/// <summary>What kinds of sealed files there are; the letter stands in the file.</summary>
internal enum SealedKind : byte
{
    Entry = (byte)'E',
    Function = (byte)'F',
    FileDigest = (byte)'D',
}

/// <summary>What is wrong with a file of a cache.</summary>
internal enum Fault
{
    None,

    /// <summary>It is cut short, or garbage.</summary>
    Damaged,

    /// <summary>It is of a newer format.</summary>
    Newer,

    /// <summary>It belongs under another name.</summary>
    OtherKey,

    /// <summary>It is not signed, and should be.</summary>
    Unsigned,

    /// <summary>It is signed, and the cache has no key.</summary>
    NoKey,

    /// <summary>It was signed by another key, or changed since.</summary>
    WronglySigned,

    /// <summary>The content is not that of its digest.</summary>
    OtherContent,
}

/// <summary>
/// The frame of a cache's small files: 8 bytes ahead that tell what it is, and behind the content a checksum (SHA-256,
/// the first 16 bytes), or a signature (HMAC-SHA-256) where the cache has a key.
/// </summary>
/// <param name="key">The signing key; empty for none.</param>
internal sealed class Seal(ReadOnlyMemory<byte> key)
{
    /// <summary>Bytes ahead of the content.</summary>
    public const int HeaderSize = 8;

    /// <summary>The version of the format.</summary>
    public const byte Version = 1;

    private const int ChecksumSize = 16;
    private const int SignatureSize = 32;
    private const uint Magic = 0x5441454C;

    private int Size => key.IsEmpty ? ChecksumSize : SignatureSize;

    /// <summary>Seals a content.</summary>
    public byte[] Close(SealedKind kind, ReadOnlySpan<byte> content)
    {
        byte[] bytes = new byte[HeaderSize + content.Length + Size];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        bytes[4] = (byte)kind;
        bytes[5] = Version;
        bytes[6] = (byte)(key.IsEmpty ? 0 : 1);
        content.CopyTo(bytes.AsSpan(HeaderSize));
        Compute(bytes.AsSpan(0, bytes.Length - Size), bytes.AsSpan(bytes.Length - Size));
        return bytes;
    }

    /// <summary>Checks the seal of a file, and gives its content.</summary>
    public Fault Open(SealedKind kind, ReadOnlyMemory<byte> file, out ReadOnlyMemory<byte> content)
    {
        content = default;
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || bytes[4] != (byte)kind) return Missing;
        if (bytes[5] > Version) return Fault.Newer;
        bool isSigned = bytes[6] == 1;
        if (isSigned && key.IsEmpty) return Fault.NoKey;
        if (!isSigned && !key.IsEmpty) return Fault.Unsigned;
        if (bytes[5] != Version || bytes[6] > 1 || bytes[7] != 0 || bytes.Length < HeaderSize + Size) return Broken;
        Span<byte> expected = stackalloc byte[SignatureSize];
        int end = bytes.Length - Size;
        Compute(bytes[..end], expected[..Size]);
        if (!CryptographicOperations.FixedTimeEquals(expected[..Size], bytes[end..])) return Broken;
        content = file[HeaderSize..end];
        return Fault.None;
    }

    /// <summary>The content of a file, whoever sealed it: for what need not be trusted. Null if there is none.</summary>
    public static ReadOnlyMemory<byte>? ContentOf(SealedKind kind, ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || bytes[4] != (byte)kind || bytes[5] != Version) return null;
        int end = bytes.Length - (bytes[6] == 1 ? SignatureSize : ChecksumSize);
        return end < HeaderSize ? null : file[HeaderSize..end];
    }

    // Nobody knows whether it was damaged or forged.
    private Fault Broken => key.IsEmpty ? Fault.Damaged : Fault.WronglySigned;

    private Fault Missing => key.IsEmpty ? Fault.Damaged : Fault.Unsigned;

    private void Compute(ReadOnlySpan<byte> bytes, Span<byte> result)
    {
        Span<byte> hash = stackalloc byte[SignatureSize];
        if (key.IsEmpty) SHA256.HashData(bytes, hash);
        else HMACSHA256.HashData(key.Span, bytes, hash);
        hash[..result.Length].CopyTo(result);
    }
}
