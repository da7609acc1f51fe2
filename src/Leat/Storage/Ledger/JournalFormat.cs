using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>
/// The frame of a journal: a header, and a head ahead of every record. <c>docs/ledger-format.md</c> has the layout, and why it is so.
/// </summary>
internal static class JournalFormat
{
    public const int Version = 1;
    public const int HeaderSize = 16;
    public const int HeadSize = 20;

    /// <summary>The most bytes of a file, as it is loaded into one array.</summary>
    public const int Largest = 2_000_000_000;

    private const int MagicSize = 8;
    private const int VersionAt = 8, HeaderCheckAt = 12;
    private const int LengthAt = 4, NumberAt = 8, BodyCheckAt = 12, HeadCheckAt = 16;

    /// <summary>What every record starts with: no text has it, and few numbers.</summary>
    public static ReadOnlySpan<byte> Marker => [0xF5, 0x1E, 0xA7, 0xC1];

    private static ReadOnlySpan<byte> Magic => "LEATJRNL"u8;

    public static void WriteHeader(Span<byte> header)
    {
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[VersionAt..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[HeaderCheckAt..], Check(header[..HeaderCheckAt]));
    }

    /// <summary>What the start of a file says; the version is that of a header that is sound.</summary>
    public static HeaderState ReadHeader(ReadOnlySpan<byte> file, out long version)
    {
        version = 0;
        if (file.IsEmpty) return HeaderState.Absent;
        bool isMagic = file.StartsWith(Magic) || (file.Length < MagicSize && Magic.StartsWith(file));
        if (file.Length < HeaderSize) return isMagic ? HeaderState.Torn : HeaderState.Foreign;
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[HeaderCheckAt..]) != Check(file[..HeaderCheckAt])) return isMagic ? HeaderState.Damaged : HeaderState.Foreign;
        if (!isMagic) return HeaderState.Foreign;
        version = BinaryPrimitives.ReadUInt32LittleEndian(file[VersionAt..]);
        return version > Version ? HeaderState.Newer : version == Version ? HeaderState.Sound : HeaderState.Foreign;
    }

    /// <summary>Fills in the head of a record whose body is complete.</summary>
    /// <param name="record">Head and body.</param>
    /// <param name="position">Where it is to stand in the file.</param>
    /// <param name="number">The number of the record in the file, from 1.</param>
    public static void WriteHead(Span<byte> record, long position, uint number)
    {
        Marker.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record[LengthAt..], record.Length - HeadSize);
        BinaryPrimitives.WriteUInt32LittleEndian(record[NumberAt..], number);
        BinaryPrimitives.WriteUInt32LittleEndian(record[BodyCheckAt..], Check(record[HeadSize..]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[HeadCheckAt..], CheckHead(record, position));
    }

    /// <summary>Reads a head; false if there is none at this place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryReadHead(ReadOnlySpan<byte> bytes, long position, out JournalHead head)
    {
        head = default;
        if (bytes.Length < HeadSize || !bytes.StartsWith(Marker)) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeadCheckAt..]) != CheckHead(bytes, position)) return false;
        head = new JournalHead(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[LengthAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[NumberAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[BodyCheckAt..]));
        return head.Length >= RecordForm.FixedSize;
    }

    /// <summary>The length of a body, from a head that is not complete but for it.</summary>
    public static int LengthOf(ReadOnlySpan<byte> head) => BinaryPrimitives.ReadInt32LittleEndian(head[LengthAt..]);

    /// <summary>Sets the length of a body ahead of the rest of its head.</summary>
    public static void SetLength(Span<byte> head, int length) => BinaryPrimitives.WriteInt32LittleEndian(head[LengthAt..], length);

    /// <summary>CRC-32C, as processors compute it.</summary>
    public static uint Check(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    // With the position in it, a record that was moved, or stands as a copy in the state of another one, is none.
    private static uint CheckHead(ReadOnlySpan<byte> head, long position) =>
        ~Continue(BitOperations.Crc32C(uint.MaxValue, (ulong)position), head[..HeadCheckAt]);

    // A run loads its ledger once, at its start: there is no time to find out that this is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint Continue(uint check, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) check = BitOperations.Crc32C(check, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte single in bytes[(words.Length * sizeof(ulong))..]) check = BitOperations.Crc32C(check, single);
        return check;
    }
}
