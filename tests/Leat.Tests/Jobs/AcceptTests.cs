using Leat.Storage;

namespace Leat.Tests.Jobs;

/// <summary>Outputs that somebody says are good as they are.</summary>
public sealed class AcceptTests : IDisposable
{
    private readonly JobRig rig = new();
    private int version;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task Accepted_outputs_are_up_to_date_until_something_changes_again()
    {
        await rig.RunAsync(Define);
        Assert.Equal("a b", rig.Ran);
        version = 1;
        await AcceptAsync("a", "the same but for a comment");

        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        Assert.Equal(("0", "b0"), (rig.Read("a"), rig.Read("b")));

        version = 2;
        await rig.RunAsync(Define);
        Assert.Equal("a b", rig.Ran);
        Assert.Equal(("2", "b2"), (rig.Read("a"), rig.Read("b")));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_changed_by_hand_stays_and_counts_for_those_who_need_it()
    {
        await rig.RunAsync(Define);
        rig.Write("a", "by hand");
        await AcceptAsync("a");

        await rig.RunAsync(Define);
        Assert.Equal("b", rig.Ran);
        Assert.Equal(("by hand", "bby hand"), (rig.Read("a"), rig.Read("b")));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_job_that_never_ran_can_be_accepted_and_the_ledger_says_who_did_it_and_why()
    {
        rig.Write("a", "from elsewhere");
        await AcceptAsync("a", "copied");

        await rig.RunAsync(Define);
        Assert.Equal("b", rig.Ran);
        LedgerRecord record = Assert.Single(await rig.Graph().HistoryAsync(new JobId("a"), Token));
        Assert.Equal((LedgerKind.Accepted, 0), (record.Kind, record.Attempts));
        Assert.Equal($"accepted as it is by {Environment.UserName}: copied", record.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task Several_files_are_accepted_together_with_inputs_that_changed()
    {
        int number = 1;
        void Many(JobGraph graph)
        {
            ParameterJob<int> parameter = graph.Parameter("number", number);
            FilesJob files = graph.Files("files", [("one", "one"), ("two", "two")], paths =>
            {
                foreach (string path in paths) File.WriteAllText(path, $"{parameter.Value}");
            }).DependsOn(parameter);
            graph.File("user", path => File.WriteAllText(path, File.ReadAllText(files.Paths["two"]))).DependsOn(files["two"]);
        }

        await rig.RunAsync(Many);
        number = 2;
        rig.Write("one", "other");
        JobGraph graph = rig.Graph();
        Many(graph);
        await graph.AcceptAsCurrentAsync(graph.Jobs.Single(job => job.Id.Text == "files"), cancellationToken: Token);
        await rig.RunAsync(Many);
        Assert.Equal("", rig.Ran);
        Assert.Equal(("other", "1"), (rig.Read("one"), rig.Read("two")));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_not_there_or_is_out_of_date_below_is_refused_and_nothing_is_recorded()
    {
        await RefusedAsync("LEAT0146", "a");
        rig.Write("a", "");
        await RefusedAsync("LEAT0147", "a");
        // What it depends on comes first.
        rig.Write("b", "b");
        Assert.EndsWith("out of date: 'a'. Run or accept these first.", await RefusedAsync("LEAT0185", "b"), StringComparison.Ordinal);
        await RefusedAsync("LEAT0184", "end");
        Assert.Empty(await rig.Graph().HistoryAsync(new JobId("a"), Token));
        Assert.Empty(await rig.Graph().HistoryAsync(new JobId("b"), Token));
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_is_accepted_while_a_run_has_the_ledger()
    {
        rig.Write("a", "a");
        ILedgerSession session = await rig.Graph().Ledger.OpenAsync(new LedgerRun { Id = "other" }, Token);
        await using (session) await Assert.ThrowsAsync<LedgerHeldException>(() => AcceptAsync("a"));
        await AcceptAsync("a");
    }

    private void Define(JobGraph graph)
    {
        int own = version;
        FileJob a = graph.File("a", path => File.WriteAllText(path, $"{own}"));
        graph.File("b", path => File.WriteAllText(path, $"b{File.ReadAllText(a.Path)}")).DependsOn(a);
    }

    private async Task AcceptAsync(string job, string reason = "")
    {
        JobGraph graph = rig.Graph();
        Define(graph);
        if (job == "end") graph.Final("end", () => { });
        await graph.AcceptAsCurrentAsync(graph.Jobs.Single(each => each.Id.Text == job), reason, Token);
    }

    private async Task<string> RefusedAsync(string code, string job)
    {
        LeatException error = await Assert.ThrowsAsync<LeatException>(() => AcceptAsync(job));
        Assert.StartsWith($"{code}: ", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
