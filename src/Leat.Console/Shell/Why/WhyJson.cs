using System.Text.Json;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>A job explained to programs.</summary>
internal static class WhyJson
{
    public static void Write(Utf8JsonWriter writer, IEnumerable<WhyView> jobs)
    {
        writer.WriteStartArray("jobs");
        foreach (WhyView why in jobs)
        {
            writer.WriteStartObject();
            WriteMembers(writer, why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMembers(Utf8JsonWriter writer, WhyView why)
    {
        PlanJson.WriteMembers(writer, why.Planned);
        writer.WriteStartArray("inputs");
        foreach (InputView input in why.Inputs) WriteInput(writer, input);
        writer.WriteEndArray();
        WriteRecord(writer, "last", why.Last);
        WriteRecord(writer, "lastGood", why.LastGood ?? (why.Last is { IsGood: true } ? why.Last : null));
        writer.WriteString("log", why.Log);
    }

    private static void WriteInput(Utf8JsonWriter writer, InputView input)
    {
        writer.WriteStartObject();
        writer.WriteString("job", input.Input.Job.Id.Text);
        writer.WriteString("output", (input.Input as JobOutput)?.Name);
        writer.WriteString("kind", Words.Json(input.Input.Job.Kind));
        writer.WriteString("state", input.State is { } state ? Words.Json(state) : null);
        if (input.Bytes is { } bytes) writer.WriteNumber("bytes", bytes);
        else writer.WriteNull("bytes");
        writer.WriteEndObject();
    }

    private static void WriteRecord(Utf8JsonWriter writer, string name, LedgerRecord? record)
    {
        if (record is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        HistoryJson.WriteMembers(writer, record);
        writer.WriteEndObject();
    }
}
