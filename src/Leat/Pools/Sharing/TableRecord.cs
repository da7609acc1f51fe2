using System.Buffers.Binary;

namespace Leat.Pools;

/// <summary>What a run holds of the machine, and since when it waits: a place in the table.</summary>
/// <remarks>
/// 512 bytes, numbers with the least byte first: checksum (8), version (4), process (4), its start (8), id (8), cores (4), length of the
/// command line in bytes (4), memory (8), ticket (8), command line (UTF-8, cut off where the place ends). Anything else is as nothing.
/// </remarks>
/// <param name="Id">Tells the shares of one process from each other.</param>
/// <param name="Process">Whose it is.</param>
/// <param name="Cores">How many cores it holds.</param>
/// <param name="Memory">How many bytes of memory it holds.</param>
/// <param name="Ticket">Its number in the line, from 1; 0 when it does not wait.</param>
/// <param name="Command">What the process was started by.</param>
internal sealed record TableRecord(long Id, ProcessIdentity Process, int Cores, long Memory, long Ticket, string Command)
{
    public const int Size = 512;

    private const int Version = 1;
    private const int TextStart = 56;

    /// <summary>True when nobody needs to know of it.</summary>
    public bool IsEmpty => Cores == 0 && Memory == 0 && Ticket == 0;

    /// <summary>The process, for people.</summary>
    public string Who => FormattableString.Invariant($"process {Process.Id} ({Command})");

    public static TableRecord? Read(ReadOnlySpan<byte> place)
    {
        if (place.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(place) != Checksum(place)) return null;
        int cores = BinaryPrimitives.ReadInt32LittleEndian(place[32..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(place[36..]);
        long memory = BinaryPrimitives.ReadInt64LittleEndian(place[40..]);
        long ticket = BinaryPrimitives.ReadInt64LittleEndian(place[48..]);
        bool isSound = BinaryPrimitives.ReadInt32LittleEndian(place[8..]) == Version
            && cores >= 0 && memory >= 0 && ticket >= 0 && length >= 0 && length <= Size - TextStart;
        if (!isSound) return null;
        var process = new ProcessIdentity(BinaryPrimitives.ReadInt32LittleEndian(place[12..]), BinaryPrimitives.ReadInt64LittleEndian(place[16..]));
        string command = System.Text.Encoding.UTF8.GetString(place.Slice(TextStart, length));
        return new TableRecord(BinaryPrimitives.ReadInt64LittleEndian(place[24..]), process, cores, memory, ticket, command);
    }

    public void Write(Span<byte> place)
    {
        place.Clear();
        if (IsEmpty) return;
        BinaryPrimitives.WriteInt32LittleEndian(place[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(place[12..], Process.Id);
        BinaryPrimitives.WriteInt64LittleEndian(place[16..], Process.Start);
        BinaryPrimitives.WriteInt64LittleEndian(place[24..], Id);
        BinaryPrimitives.WriteInt32LittleEndian(place[32..], Cores);
        System.Text.Unicode.Utf8.FromUtf16(Command, place[TextStart..Size], out _, out int length);
        BinaryPrimitives.WriteInt32LittleEndian(place[36..], length);
        BinaryPrimitives.WriteInt64LittleEndian(place[40..], Memory);
        BinaryPrimitives.WriteInt64LittleEndian(place[48..], Ticket);
        BinaryPrimitives.WriteUInt64LittleEndian(place, Checksum(place));
    }

    // FNV-1a (Fowler, Noll, Vo): it only has to tell what was written here from what was not.
    private static ulong Checksum(ReadOnlySpan<byte> place)
    {
        ulong hash = 14695981039346656037;
        foreach (byte each in place[8..Size]) hash = (hash ^ each) * 1099511628211;
        return hash;
    }
}
