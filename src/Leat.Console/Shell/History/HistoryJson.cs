using System.Text.Json;
using Leat.Storage;

namespace Leat.Shell;

/// <summary>Records of the ledger for programs.</summary>
internal static class HistoryJson
{
    public static void Write(Utf8JsonWriter writer, JobId job, IEnumerable<LedgerRecord> records)
    {
        writer.WriteString("job", job.Text);
        writer.WriteStartArray("records");
        foreach (LedgerRecord record in records)
        {
            writer.WriteStartObject();
            WriteMembers(writer, record);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteMembers(Utf8JsonWriter writer, LedgerRecord record)
    {
        writer.WriteString("what", Words.Json(record.Kind));
        writer.WriteString("started", record.Started.UtcDateTime);
        writer.Seconds("seconds", record.Time);
        writer.WriteNumber("attempts", record.Attempts);
        writer.WriteString("machine", record.Machine);
        writer.WriteString("run", record.Run);
        writer.WriteString("message", record.Message);
    }
}
