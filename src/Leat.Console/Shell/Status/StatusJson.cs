using System.Text.Json;

namespace Leat.Shell;

/// <summary>How the graph stands, for programs: all that is out of date, and all that failed.</summary>
internal static class StatusJson
{
    public static void Write(Utf8JsonWriter writer, StatusView status)
    {
        PlanJson.Write(writer, status.Plan);
        writer.WriteStartArray("failures");
        foreach (RecordView failure in status.Failures)
        {
            writer.WriteStartObject();
            writer.WriteString("job", failure.Record.Job);
            HistoryJson.WriteMembers(writer, failure.Record);
            writer.WriteString("log", failure.Log);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
