using System.Text.Json;
using Leat.Jobs;

namespace Leat.Shell;

/// <summary>A plan for programs.</summary>
internal static class PlanJson
{
    public static void Write(Utf8JsonWriter writer, PlanView plan)
    {
        writer.WriteNumber("jobs", plan.Total);
        writer.WriteNumber("willRun", plan.WillRun);
        writer.WriteNumber("mayRun", plan.MayRun);
        writer.WriteNumber("upToDate", plan.UpToDate);
        writer.WriteNumber("notNeeded", plan.NotNeeded);
        writer.WriteStartArray("toRun");
        foreach (PlannedJob job in plan.ToRun) WriteJob(writer, job);
        writer.WriteEndArray();
        writer.WriteStartArray("warnings");
        foreach (string warning in plan.Warnings) writer.WriteStringValue(warning);
        writer.WriteEndArray();
    }

    public static void WriteJob(Utf8JsonWriter writer, PlannedJob job)
    {
        writer.WriteStartObject();
        WriteMembers(writer, job);
        writer.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter writer, PlannedJob job)
    {
        writer.WriteString("job", job.Job.Id.Text);
        writer.WriteString("kind", Words.Json(job.Job.Kind));
        writer.WriteString("state", Words.Json(job.State));
        JobEventJson.WriteReasons(writer, job.Reasons);
        writer.Seconds("expectedSeconds", job.Expected);
    }
}
