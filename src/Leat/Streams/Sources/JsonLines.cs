using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Leat.Streams;

namespace Leat;

public static partial class Source
{
    /// <summary>The values of a file that has one JSON value a line. Empty lines are skipped.</summary>
    /// <param name="path">
    /// The file, in UTF-8, compressed with gzip or not. A line that is not the JSON of a <typeparamref name="T"/> fails
    /// the run, behind the values before it.
    /// </param>
    /// <param name="options">How JSON becomes values; the serializer's defaults by default.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="NotSupportedException">The serializer can't make values of the type.</exception>
    [RequiresUnreferencedCode(JsonTypes.Hint)]
    [RequiresDynamicCode(JsonTypes.Hint)]
    public static Pipe<T> JsonLines<T>(string path, JsonSerializerOptions? options = null) => JsonLines(path, JsonTypes.Of<T>(options));

    /// <summary>The values of a file that has one JSON value a line, in programs that are trimmed or compiled ahead of time.</summary>
    /// <param name="path">The file, read as by <see cref="JsonLines{T}(string,JsonSerializerOptions?)"/>.</param>
    /// <param name="type">How JSON becomes values, as made by the serializer's source generator.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static Pipe<T> JsonLines<T>(string path, JsonTypeInfo<T> type)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(type);
        return From(FileValues.Read(path, type), $"{nameof(JsonLines)}({Path.GetFileName(path)})");
    }
}

/// <summary>Reads files of JSON lines.</summary>
internal static class FileValues
{
    private static ReadOnlySpan<byte> Blanks => " \t"u8;

    public static IEnumerable<T> Read<T>(string path, JsonTypeInfo<T> type)
    {
        using LineFile file = LineFile.Open(path, encoding: null);
        while (file.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.ContainsAnyExcept(Blanks))
            {
                yield return Parse(path, file.Number, line, type);
            }
        }
    }

    private static T Parse<T>(string path, long number, ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type)!;
        }
        catch (JsonException error)
        {
            throw StreamErrors.BadJson(path, number, error);
        }
    }
}

/// <summary>Finds out how the JSON serializer deals with a type.</summary>
internal static class JsonTypes
{
    public const string Hint = "The serializer looks at the type's members when it runs. Pass a JsonTypeInfo made by its source generator instead.";

    /// <summary>Found out at the declaration, so that a type which can't be serialized is told there.</summary>
    [RequiresUnreferencedCode(Hint)]
    [RequiresDynamicCode(Hint)]
    public static JsonTypeInfo<T> Of<T>(JsonSerializerOptions? options)
    {
        options ??= JsonSerializerOptions.Default;
        options.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
    }
}
