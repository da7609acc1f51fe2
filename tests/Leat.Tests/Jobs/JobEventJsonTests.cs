using System.Buffers;
using System.Text.Json;
using Leat.Jobs;

namespace Leat.Tests.Jobs;

public sealed class JobEventJsonTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 13, 0, 0, TimeSpan.FromHours(1));

    private static string Json(JobEvent each)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes)) JobEventJson.Write(writer, each);
        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    [Fact]
    public void Every_event_is_an_object()
    {
        var graph = new JobGraph();
        FileJob first = graph.File("out/a.txt", _ => { });
        FileJob second = graph.File("out/b.txt", _ => { }).DependsOn(first);
        var failed = new JobReport(first, JobOutcome.Failed)
        {
            Reasons = [new JobReason(JobReasonKind.InputChanged, "in.txt"), new JobReason(JobReasonKind.InputChanged, "length", "20 was 18")],
            Time = TimeSpan.FromSeconds(1.25),
            Attempts = 2,
            Error = new InvalidDataException("There is no column \"gene\"."),
            Log = "/work/.leat/runs/1/logs/a.log",
        };
        int[] counts = new int[Enum.GetValues<JobOutcome>().Length];
        for (int i = 0; i < counts.Length; i++) counts[i] = i + 1;
        JobEvent[] events =
        [
            new RunStarted(Noon, "20260304-120000-1a2b", 2),
            new JobQueued(Noon, first.Id, [new JobReason(JobReasonKind.NeverRan)]),
            new JobQueued(Noon, first.Id, []),
            new JobStarted(Noon, first.Id, 1),
            new JobRetried(Noon, first.Id, 1, new TimeoutException("It took too long."), TimeSpan.FromSeconds(2)),
            new JobEnded(Noon, failed),
            new JobEnded(Noon, new JobReport(second, JobOutcome.Upstream) { Culprit = first }),
            new RunWarning(Noon, "The ledger had a torn end."),
            new RunEnded(Noon, new RunReport("20260304-120000-1a2b", TimeSpan.FromMinutes(2), [first, second], counts, _ => failed)),
        ];
        Approved.Text(string.Join('\n', events.Select(Json)));
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        var graph = new JobGraph();
        FileJob job = graph.File("out/a.txt", _ => { });
        string[] reasons = [.. Enum.GetValues<JobReasonKind>().Select(kind => Json(new JobQueued(Noon, job.Id, [new JobReason(kind)])))];
        string[] outcomes = [.. Enum.GetValues<JobOutcome>().Select(outcome => Json(new JobEnded(Noon, new JobReport(job, outcome))))];
        Assert.DoesNotContain(reasons.Concat(outcomes), json => json.Contains("\"other\"", StringComparison.Ordinal));
        Assert.Equal(reasons.Length, reasons.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(outcomes.Length, outcomes.Distinct(StringComparer.Ordinal).Count());
    }
}
