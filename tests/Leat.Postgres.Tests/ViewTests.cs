using System.Text.RegularExpressions;
using Leat.Storage;

namespace Leat.Postgres.Tests;

/// <summary>Questions about history get the right answers.</summary>
public sealed partial class ViewTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly PostgresServer server;
    private readonly string schema = PostgresRig.NewSchema();

    public ViewTests(PostgresServer server)
    {
        server.Need();
        this.server = server;
    }

    public static TheoryData<string> Questions => [.. Sql().Matches(File.ReadAllText(Repository.PathOf("docs/postgres.md"))).Select(each => each.Groups["sql"].Value).Where(each => each.StartsWith("select", StringComparison.Ordinal))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var ledger = new PostgresLedger(new PostgresLedgerOptions { ConnectionString = server.ConnectionString, Graph = "reads", Schema = schema });
        await using ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "1" }, Token);
        Task[] appended =
        [
            .. new[]
            {
                Record("a", "1", LedgerKind.Failed, 0, 2) with { Message = "no room" },
                Record("b", "1", LedgerKind.Succeeded, 1, 10) with { Machine = "node2" },
                Record("a", "2", LedgerKind.Succeeded, 100, 4),
                Record("a", "3", LedgerKind.Succeeded, 200, 6),
                Record("c", "3", LedgerKind.Accepted, 201, 0),
                Record("b", "4", LedgerKind.Forgotten, 300, 0),
            }.Select(each => session.AppendAsync(each, Token).AsTask()),
        ];
        await Task.WhenAll(appended);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Timeout = 60_000)]
    public async Task History_tells_what_ran_when_where_and_how_long() => Assert.Equal(
        [
            "1 a 1 failed 2026-01-02 03:04:05+00 2 node1 no room", "2 b 1 succeeded 2026-01-02 03:04:06+00 10 node2 ", "3 a 2 succeeded 2026-01-02 03:05:45+00 4 node1 ",
            "4 a 3 succeeded 2026-01-02 03:07:25+00 6 node1 ", "5 c 3 accepted 2026-01-02 03:07:26+00 0 node1 ", "6 b 4 forgotten 2026-01-02 03:09:05+00 0 node1 ",
        ],
        await AskAsync("select concat_ws(' ', number, job, run, kind, started at time zone 'UTC' || '+00', trim_scale(seconds), machine, message) from history where graph = 'reads' order by number"));

    [Fact(Timeout = 60_000)]
    public async Task Runs_tell_what_they_came_to() => Assert.Equal(
        ["1 11 1 1 12 {node1,node2}", "2 4 1 0 4 {node1}", "3 6 1 0 6 {node1}", "4 0 0 0 {node1}"],
        await AskAsync("select concat_ws(' ', run, extract(epoch from ended - started)::int, succeeded, failed, trim_scale(busy_seconds), machines) from runs order by run"));

    [Fact(Timeout = 60_000)]
    public async Task Jobs_tell_how_often_and_how_long() => Assert.Equal(
        ["a 3 1 5 6 succeeded", "b 1 0 10 10 forgotten", "c 0 0 accepted"],
        await AskAsync("select concat_ws(' ', job, times, failures, trim_scale(mean_seconds), trim_scale(longest_seconds), last_kind) from jobs order by job"));

    [Fact(Timeout = 60_000)]
    public async Task Holders_tell_who_writes_now()
    {
        Assert.Empty(await AskAsync("select run from holders"));
        var ledger = new PostgresLedger(new PostgresLedgerOptions { ConnectionString = server.ConnectionString, Graph = "reads", Schema = schema });
        await using ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "now" }, Token);
        Assert.Equal([$"reads now {Environment.ProcessId}"], await AskAsync("select concat_ws(' ', graph, run, process) from holders where since <= until"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Questions))]
    public async Task Questions_of_the_page_are_answered(string question) =>
        await server.SqlAsync(question.Replace("leat.", $"{schema}.", StringComparison.Ordinal));

    private static LedgerRecord Record(string job, string run, LedgerKind kind, int at, int seconds) => new()
    {
        Job = job,
        Run = run,
        Kind = kind,
        Started = Start.AddSeconds(at),
        Time = TimeSpan.FromSeconds(seconds),
        Machine = "node1",
    };

    private async Task<IEnumerable<object>> AskAsync(string question) => await server.SqlAsync($"set search_path to {schema}; {question}");

    [GeneratedRegex("^```sql\n(?<sql>[^`]*)```$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sql();
}
