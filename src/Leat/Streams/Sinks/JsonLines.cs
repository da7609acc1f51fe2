using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Leat.Streams;

namespace Leat;

public static partial class Sink
{
    /// <summary>
    /// Writes every item as a line of JSON to a file, which is in its place only when the run has ended well; see
    /// <see cref="Lines(string)"/>.
    /// </summary>
    /// <param name="path">The file; it is compressed with gzip if the name ends in <c>.gz</c>.</param>
    /// <param name="options">How items become JSON; the serializer's defaults by default. Indenting is left out.</param>
    /// <exception cref="ArgumentException">The path is empty, or names a folder.</exception>
    /// <exception cref="NotSupportedException">The serializer can't deal with the type.</exception>
    [RequiresUnreferencedCode(JsonTypes.Hint)]
    [RequiresDynamicCode(JsonTypes.Hint)]
    public static Sink<T> JsonLines<T>(string path, JsonSerializerOptions? options = null) => JsonLines(path, JsonTypes.Of<T>(options));

    /// <summary>
    /// Writes every item as a line of JSON to a file, in programs that are trimmed or compiled ahead of time; see
    /// <see cref="Lines(string)"/>.
    /// </summary>
    /// <param name="path">The file; it is compressed with gzip if the name ends in <c>.gz</c>.</param>
    /// <param name="type">How items become JSON, as made by the serializer's source generator.</param>
    /// <exception cref="ArgumentException">The path is empty, or names a folder.</exception>
    public static Sink<T> JsonLines<T>(string path, JsonTypeInfo<T> type)
    {
        SinkFile.CheckPath(path);
        ArgumentNullException.ThrowIfNull(type);
        return new DelegateSink<T>(
            $"{nameof(JsonLines)}({Path.GetFileName(path)})",
            () => new FileWriter<T>(path, new JsonEncoder<T>(type).Encode));
    }
}

/// <summary>Makes lines of JSON of items.</summary>
internal sealed class JsonEncoder<T>(JsonTypeInfo<T> type)
{
    private Utf8JsonWriter? writer;

    public void Encode(T item, IBufferWriter<byte> to)
    {
        writer ??= CreateWriter(to);
        writer.Reset(to);
        JsonSerializer.Serialize(writer, item, type);
        writer.Flush();
        to.Write("\n"u8);
    }

    // Over a buffer, it holds nothing that would have to be disposed of.
    private Utf8JsonWriter CreateWriter(IBufferWriter<byte> to) =>
        new(to, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true });
}
