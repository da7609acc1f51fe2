using System.Collections.Immutable;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>An argument, for people who look at a cache.</summary>
/// <param name="Digest">What it is in keys.</param>
/// <param name="Text">A few words.</param>
internal readonly record struct ArgumentRecord(Digest Digest, string Text);

/// <summary>What a cache's file for one result says.</summary>
internal sealed record EntryRecord
{
    /// <summary>Bytes of a value that are kept in the entry itself.</summary>
    public const int LargestInline = 4 * 1024;

    private const int LongestText = 80;

    public required Digest Key { get; init; }

    public required Digest Function { get; init; }

    /// <summary>What the result is in keys.</summary>
    public required Digest Result { get; init; }

    public required DateTimeOffset Kept { get; init; }

    public required TimeSpan Time { get; init; }

    /// <summary>True when the value's bytes are here, false when they are an object of the store.</summary>
    public required bool IsInline { get; init; }

    /// <summary>The value's bytes, if they are here.</summary>
    public ReadOnlyMemory<byte> Inline { get; init; }

    /// <summary>The object that the value's bytes are, if they are not here.</summary>
    public Digest Object { get; init; }

    /// <summary>Bytes in the value.</summary>
    public required long Length { get; init; }

    /// <summary>The files that the value names.</summary>
    public required ImmutableArray<FileState> Files { get; init; }

    public required string Name { get; init; }

    public required string Machine { get; init; }

    public required ImmutableArray<ArgumentRecord> Arguments { get; init; }

    /// <summary>A text that is short enough to be kept.</summary>
    public static string Shorten(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        if (line.Length <= LongestText) return line;
        // Not between the halves of one character.
        int end = char.IsHighSurrogate(line[LongestText - 2]) ? LongestText - 2 : LongestText - 1;
        return string.Concat(line.AsSpan(0, end), "…");
    }

    /// <summary>The objects that this entry needs.</summary>
    public IEnumerable<(Digest Content, long Length)> Objects =>
        Files.Where(file => file.IsOutput).Select(file => (file.Content, file.Size)).Concat(IsInline ? [] : [(Object, Length)]);

    public byte[] Write()
    {
        var writer = new EncodingWriter();
        writer.WriteDigest(Key);
        writer.WriteDigest(Function);
        writer.WriteDigest(Result);
        writer.Write(Kept.UtcTicks);
        writer.Write(Time.Ticks);
        writer.Write((byte)(IsInline ? 1 : 0));
        writer.WriteVarint((ulong)Length);
        if (IsInline) writer.WriteBytes(Inline.Span);
        else writer.WriteDigest(Object);
        writer.WriteVarint((ulong)Files.Length);
        foreach (FileState file in Files)
        {
            writer.Write((byte)(file.IsOutput ? 1 : 0));
            writer.WriteValue(file.Path);
            writer.WriteVarint((ulong)file.Size);
            writer.Write(file.Written.Ticks);
            writer.WriteDigest(file.Content);
        }
        writer.WriteValue(Name);
        writer.WriteValue(Machine);
        writer.WriteVarint((ulong)Arguments.Length);
        foreach (ArgumentRecord argument in Arguments)
        {
            writer.WriteDigest(argument.Digest);
            writer.WriteValue(argument.Text);
        }
        return writer.Written.ToArray();
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="EncodingException">The bytes are none.</exception>
    public static EntryRecord Read(ReadOnlyMemory<byte> content)
    {
        var reader = new EncodingReader(content);
        Digest key = reader.ReadDigest();
        Digest function = reader.ReadDigest();
        Digest result = reader.ReadDigest();
        var kept = new DateTimeOffset(InRange(reader, reader.Read<long>()), TimeSpan.Zero);
        var time = TimeSpan.FromTicks(reader.Read<long>());
        bool isInline = reader.Read<byte>() == 1;
        long length = (long)reader.ReadVarint();
        byte[] inline = isInline ? reader.Take(checked((int)length)).ToArray() : [];
        return new EntryRecord
        {
            Key = key,
            Function = function,
            Result = result,
            Kept = kept,
            Time = time,
            IsInline = isInline,
            Inline = inline,
            Length = length,
            Object = isInline ? default : reader.ReadDigest(),
            Files = ReadFiles(reader),
            Name = reader.ReadValue<string>(),
            Machine = reader.ReadValue<string>(),
            Arguments = ReadArguments(reader),
        };
    }

    private static ImmutableArray<FileState> ReadFiles(EncodingReader reader)
    {
        int count = reader.ReadCount();
        if (count == 0) return [];
        var files = ImmutableArray.CreateBuilder<FileState>(count);
        for (int i = 0; i < count; i++)
        {
            bool isOutput = reader.Read<byte>() == 1;
            string path = reader.ReadValue<string>();
            long size = (long)reader.ReadVarint();
            files.Add(new FileState(path, size, new DateTime(InRange(reader, reader.Read<long>()), DateTimeKind.Utc), reader.ReadDigest(), isOutput));
        }
        return files.DrainToImmutable();
    }

    private static ImmutableArray<ArgumentRecord> ReadArguments(EncodingReader reader)
    {
        int count = reader.ReadCount();
        var arguments = ImmutableArray.CreateBuilder<ArgumentRecord>(count);
        for (int i = 0; i < count; i++) arguments.Add(new ArgumentRecord(reader.ReadDigest(), reader.ReadValue<string>()));
        return arguments.DrainToImmutable();
    }

    private static long InRange(EncodingReader reader, long ticks) =>
        ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? ticks : throw reader.Damaged("a time is out of its range");
}
