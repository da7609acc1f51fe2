namespace Leat.Shell.Tests;

public sealed class WhyTests
{
    private static readonly PlannedJob UpToDate = new(SampleJobs.Counts, PlannedState.UpToDate, [], TimeSpan.FromSeconds(2.5));

    private static readonly WhyView OutOfDate = new(
        SampleJobs.Planned[1],
        [new InputView(SampleJobs.Trimmed, PlannedState.WillRun), new InputView(SampleJobs.Length, PlannedState.UpToDate), new InputView(SampleJobs.Reads, PlannedState.UpToDate, 1_600_000), new InputView(SampleJobs.Counts["log"], null)],
        SampleJobs.Failed,
        SampleJobs.Succeeded,
        "/work/.leat/runs/20260305-090000-3c4d/logs/count.log");

    private static string Text(WhyView why) => Printed.Text(page => WhyText.Write(page, why));

    [Fact]
    public void A_job_is_explained() => Approved.Text(string.Join("----\n",
        Text(OutOfDate),
        Text(new WhyView(UpToDate, [new InputView(SampleJobs.Trimmed, PlannedState.NotNeeded)], SampleJobs.Accepted, SampleJobs.Succeeded, null)),
        Text(new WhyView(SampleJobs.Planned[2], [new InputView(SampleJobs.Counts["genes"], PlannedState.WillRun)], null, null, null)),
        Text(new WhyView(new PlannedJob(SampleJobs.Reads, PlannedState.UpToDate, [], null), [], null, null, null)),
        Text(new WhyView(new PlannedJob(SampleJobs.Reads, PlannedState.UpToDate, [], null), [], SampleJobs.Succeeded, null, null)),
        Text(new WhyView(new PlannedJob(SampleJobs.Trimmed, PlannedState.NotNeeded, [], null), [new InputView(SampleJobs.Reads, PlannedState.UpToDate)], null, null, null))));

    [Fact]
    public void Programs_get_the_same_as_json() => Approved.Text(Printed.Json(writer => WhyJson.Write(writer, [OutOfDate, new WhyView(UpToDate, [], SampleJobs.Succeeded, null, null)])));
}
