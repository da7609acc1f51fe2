namespace Leat.Shell.Tests;

public sealed class HistoryAndCleanTests
{
    private static readonly Leat.Storage.LedgerRecord[] Records = [SampleJobs.Accepted, SampleJobs.Failed, SampleJobs.Succeeded];

    [Fact]
    public void A_history_is_a_table() => Approved.Text(Printed.Text(page => HistoryText.Write(page, new JobId("count"), Records)));

    [Fact]
    public void A_job_may_have_none() => Assert.Equal("'count' has never run.\n", Printed.Text(page => HistoryText.Write(page, new JobId("count"), [])));

    [Fact]
    public void Programs_get_the_history_as_json() => Approved.Text(Printed.Json(writer => HistoryJson.Write(writer, new JobId("count"), Records)));

    [Fact]
    public void Files_are_named_before_they_are_removed()
    {
        var clean = new CleanView("/work", ["/work/out/genes.tsv", "/elsewhere/b.csv"]);
        Approved.Text(Printed.Text(page =>
        {
            CleanText.Write(page, clean);
            CleanText.Write(page, clean with { IsDone = true });
            CleanText.Write(page, clean with { Files = ["/work/a"], IsDone = true });
            CleanText.Write(page, clean with { Files = [] });
        }) + Printed.Json(writer => CleanJson.Write(writer, clean)));
    }
}
