using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Leat.Jobs;

namespace Leat.Shell;

/// <summary>JSON for a text stream.</summary>
internal static class JsonPage
{
    // What is printed goes to no web page, and so letters may stay letters.
    private static readonly JsonWriterOptions AsDocument = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, NewLine = "\n" };
    private static readonly JsonWriterOptions AsLine = AsDocument with { Indented = false };

    /// <summary>Writes one object with its members in lines.</summary>
    public static void Document(TextWriter output, Action<Utf8JsonWriter> members) => Write(output, AsDocument, writer =>
    {
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
    });

    /// <summary>Writes an event as one line.</summary>
    public static void Line(TextWriter output, JobEvent each) => Write(output, AsLine, writer => JobEventJson.Write(writer, each));

    public static void Seconds(this Utf8JsonWriter writer, string name, TimeSpan? time)
    {
        if (time is { } known) writer.WriteNumber(name, Math.Round(known.TotalSeconds, 6));
        else writer.WriteNull(name);
    }

    private static void Write(TextWriter output, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, options)) write(writer);
        output.Write(System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan));
        output.Write('\n');
    }
}
