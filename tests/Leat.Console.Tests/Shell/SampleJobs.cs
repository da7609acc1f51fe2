using System.Collections.Immutable;
using Leat.Storage;

namespace Leat.Shell.Tests;

/// <summary>A small graph, with a plan and a history made up.</summary>
internal static class SampleJobs
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static JobGraph Graph { get; } = new(new JobGraphOptions { Folder = "/work" });

    public static InputFileJob Reads { get; } = Graph.InputFile("data/reads.fq");

    public static ParameterJob<int> Length { get; } = Graph.Parameter("length", 20);

    public static FileJob Trimmed { get; } = Graph.TempFile("tmp/trimmed.fq", _ => { }).DependsOn(Reads, Length);

    public static FilesJob Counts { get; } = Graph.Files("count", [("genes", "out/genes.tsv"), ("log", "out/counts.log")], _ => { }).DependsOn(Trimmed);

    public static FileJob Report { get; } = Graph.File("out/report \"final\".html", _ => { }).DependsOn(Counts["genes"]);

    public static CommandJob Packed { get; } = Graph.Command("out/counts.gz", path => $"gzip -c {Counts["genes"].Path}", standardOutput: true).DependsOn(Counts);

    public static ImmutableArray<PlannedJob> Planned { get; } =
    [
        new(Trimmed, PlannedState.WillRun, [new JobReason(JobReasonKind.Needed, "count")], TimeSpan.FromSeconds(75)),
        new(Counts, PlannedState.WillRun, [new JobReason(JobReasonKind.InputChanged, "data/reads.fq"), new JobReason(JobReasonKind.OutputMissing, "out/counts.log")], TimeSpan.FromSeconds(2.5)),
        new(Report, PlannedState.MayRun, [new JobReason(JobReasonKind.InputMayChange, "count")], null),
    ];

    public static PlanView Plan { get; } = new(Total: 7, UpToDate: 3, NotNeeded: 1, Planned, []);

    public static LedgerRecord Succeeded { get; } = new()
    {
        Job = "count",
        Run = "20260304-120000-1a2b",
        Kind = LedgerKind.Succeeded,
        Started = Noon,
        Time = TimeSpan.FromSeconds(2.5),
        Machine = "mill",
    };

    public static LedgerRecord Failed { get; } = new()
    {
        Job = "count",
        Run = "20260305-090000-3c4d",
        Kind = LedgerKind.Failed,
        Started = Noon.AddHours(21),
        Time = TimeSpan.FromSeconds(0.25),
        Attempts = 3,
        Machine = "mill",
        Message = "There is no column 'gene'.\nIt should be the first.",
    };

    public static LedgerRecord Accepted { get; } = new()
    {
        Job = "count",
        Run = "20260306-100000-5e6f",
        Kind = LedgerKind.Accepted,
        Started = Noon.AddHours(46),
        Machine = "mill",
        Message = "only the comments changed",
    };
}
