using System.Collections.Immutable;

namespace Leat.Shell.Tests;

public sealed class StatusTests
{
    private static readonly StatusView Mixed = new(SampleJobs.Plan, [new RecordView(SampleJobs.Failed, "/work/.leat/runs/20260305-090000-3c4d/logs/count.log"), new RecordView(SampleJobs.Failed with { Job = "other", Message = "" })]);

    private static string Text(StatusView status) => Printed.Text(page => StatusText.Write(page, status));

    [Fact]
    public void The_state_is_numbers_failures_and_what_is_out_of_date() => Approved.Text(Text(Mixed));

    [Fact]
    public void All_is_well() => Assert.Equal("1,200 jobs:\n  1,200  up to date\n", Text(new StatusView(new PlanView(1200, 1200, 0, [], []), [])));

    [Fact]
    public void Much_is_cut_short()
    {
        ImmutableArray<PlannedJob> many = [.. Enumerable.Repeat(SampleJobs.Planned[0], 25)];
        string text = Text(new StatusView(new PlanView(25, 0, 0, many, []), [.. Enumerable.Repeat(new RecordView(SampleJobs.Failed), 12)]));
        Assert.Contains("  and 2 more\n", text, StringComparison.Ordinal);
        Assert.Contains("  and 5 more\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_get_the_same_as_json() => Approved.Text(Printed.Json(writer => StatusJson.Write(writer, Mixed)));
}
