namespace Leat.Shell.Tests;

public sealed class PlanTests
{
    private static string Text(PlanView plan, bool hasColours = false) => Printed.Text(page => PlanText.Write(page, plan), hasColours);

    [Fact]
    public void A_plan_says_what_would_run_and_why() => Approved.Text(Text(SampleJobs.Plan with { Warnings = ["The ledger had a torn end, which was cut off."] }));

    [Fact]
    public void Colours_tell_what_may_run() => Assert.Contains("\e[2m  3  may  out/report", Text(SampleJobs.Plan, hasColours: true), StringComparison.Ordinal);

    [Fact]
    public void A_plan_of_nothing_is_a_line() => Assert.Equal("Nothing to do: 7 jobs are up to date.\n", Text(new PlanView(7, 7, 0, [], [])));

    [Fact]
    public void One_job_is_no_jobs() => Assert.StartsWith("1 job would run, 1 is up to date, 1 is not needed.", Text(new PlanView(3, 1, 1, [SampleJobs.Planned[0]], [])), StringComparison.Ordinal);

    [Fact]
    public void Programs_get_the_same_as_json() => Approved.Text(Printed.Json(writer => PlanJson.Write(writer, SampleJobs.Plan with { Warnings = ["odd"] })));
}
