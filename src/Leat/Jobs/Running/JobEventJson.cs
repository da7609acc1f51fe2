using System.Collections.Immutable;
using System.Text.Json;

namespace Leat.Jobs;

/// <summary>
/// Events of a run as JSON: one object each, as it stands in a line of <c>events.jsonl</c> and in what <c>--json</c> prints. The fields are
/// documented in <c>docs/shell.md</c>.
/// </summary>
public static class JobEventJson
{
    private const int MicrosecondDigits = 6;

    /// <summary>Writes an event as one object.</summary>
    /// <param name="writer">Where it is written, as the next value.</param>
    /// <param name="each">The event.</param>
    public static void Write(Utf8JsonWriter writer, JobEvent each)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(each);
        writer.WriteStartObject();
        writer.WriteString("event", NameOf(each));
        writer.WriteString("time", each.Time.UtcDateTime);
        switch (each)
        {
            case RunStarted started:
                writer.WriteString("run", started.Run);
                writer.WriteNumber("jobs", started.Jobs);
                break;
            case JobQueued queued:
                writer.WriteString("job", queued.Job.Text);
                WriteReasons(writer, queued.Reasons);
                break;
            case JobStarted started:
                writer.WriteString("job", started.Job.Text);
                writer.WriteNumber("attempt", started.Attempt);
                break;
            case JobRetried retried:
                writer.WriteString("job", retried.Job.Text);
                writer.WriteNumber("attempt", retried.Attempt);
                WriteError(writer, retried.Error);
                WriteSeconds(writer, "delaySeconds", retried.Delay);
                break;
            case JobEnded ended:
                WriteEnd(writer, ended.Report);
                break;
            case RunWarning warning:
                writer.WriteString("message", warning.Message);
                break;
            case RunEnded ended:
                WriteEnd(writer, ended.Report);
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes why a job runs, as the member <c>reasons</c> of the object that is being written.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="reasons">The reasons; may be empty.</param>
    public static void WriteReasons(Utf8JsonWriter writer, ImmutableArray<JobReason> reasons)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray("reasons");
        foreach (JobReason reason in reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", NameOf(reason.Kind));
            if (reason.Subject.Length > 0) writer.WriteString("subject", reason.Subject);
            if (reason.Detail.Length > 0) writer.WriteString("detail", reason.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteEnd(Utf8JsonWriter writer, JobReport report)
    {
        writer.WriteString("job", report.Job.Id.Text);
        writer.WriteString("outcome", NameOf(report.Outcome));
        WriteReasons(writer, report.Reasons);
        WriteSeconds(writer, "seconds", report.Time);
        writer.WriteNumber("attempts", report.Attempts);
        if (report.Error is { } error) WriteError(writer, error);
        if (report.Culprit is { } culprit) writer.WriteString("culprit", culprit.Id.Text);
        if (report.Machine is { } machine) writer.WriteString("machine", machine);
        if (report.Log is { } log) writer.WriteString("log", log);
    }

    private static void WriteEnd(Utf8JsonWriter writer, RunReport report)
    {
        writer.WriteString("run", report.Id);
        writer.WriteBoolean("success", report.IsSuccess);
        WriteSeconds(writer, "seconds", report.Time);
        for (JobOutcome outcome = JobOutcome.UpToDate; outcome <= JobOutcome.Cancelled; outcome++) writer.WriteNumber(NameOf(outcome), report.Count(outcome));
    }

    private static void WriteError(Utf8JsonWriter writer, Exception error)
    {
        writer.WriteStartObject("error");
        writer.WriteString("type", error.GetType().FullName);
        writer.WriteString("message", error.Message);
        writer.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, TimeSpan time) => writer.WriteNumber(name, Math.Round(time.TotalSeconds, MicrosecondDigits));

    private static string NameOf(JobEvent each) => each switch
    {
        RunStarted => "runStarted",
        JobQueued => "queued",
        JobStarted => "started",
        JobRetried => "retried",
        JobEnded => "ended",
        RunWarning => "warning",
        RunEnded => "runEnded",
        _ => "other",
    };

    private static string NameOf(JobOutcome outcome) => outcome switch
    {
        JobOutcome.UpToDate => "upToDate",
        JobOutcome.NotNeeded => "notNeeded",
        JobOutcome.Succeeded => "succeeded",
        JobOutcome.Failed => "failed",
        JobOutcome.Upstream => "upstream",
        JobOutcome.Cancelled => "cancelled",
        _ => "other",
    };

    private static string NameOf(JobReasonKind kind) => kind switch
    {
        JobReasonKind.NeverRan => "neverRan",
        JobReasonKind.NeverSucceeded => "neverSucceeded",
        JobReasonKind.OutputMissing => "outputMissing",
        JobReasonKind.OutputEmpty => "outputEmpty",
        JobReasonKind.OutputChanged => "outputChanged",
        JobReasonKind.CodeChanged => "codeChanged",
        JobReasonKind.CommandChanged => "commandChanged",
        JobReasonKind.InputAdded => "inputAdded",
        JobReasonKind.InputRemoved => "inputRemoved",
        JobReasonKind.InputChanged => "inputChanged",
        JobReasonKind.Needed => "needed",
        JobReasonKind.EveryRun => "everyRun",
        JobReasonKind.InputMayChange => "inputMayChange",
        _ => "other",
    };
}
