using Leat.Storage;

namespace Leat.Postgres.Tests;

/// <summary>What is refused, and how it is told.</summary>
public sealed class RightsTests
{
    private readonly PostgresServer server;
    private readonly string schema = PostgresRig.NewSchema();

    public RightsTests(PostgresServer server)
    {
        server.Need();
        this.server = server;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_role_without_the_right_to_make_a_schema_works_where_it_is_and_has_been_granted()
    {
        string role = $"anna_{schema}";
        await server.SqlAsync($"create role {role} login; revoke create on database postgres from public");
        PostgresLedgerOptions options = Options() with { ConnectionString = As(role) };
        Assert.Equal("LEAT0193", (await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(options))).Code);

        await (await OpenAsync(Options())).DisposeAsync();
        LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(options));
        Assert.Equal("LEAT0193", error.Code);
        Assert.StartsWith($"LEAT0193: {role} may not use the ledger of the graph 'graph' in the schema {schema} at ", error.Message, StringComparison.Ordinal);
        Assert.Equal("LEAT0193", (await Assert.ThrowsAsync<LeatException>(async () => await new PostgresLedger(options).OpenForReadingAsync(Token))).Code);

        // As the page says.
        await server.SqlAsync($"grant usage on schema {schema} to {role}; grant select, insert, update, delete on all tables in schema {schema} to {role}");
        await using ILedgerSession session = await OpenAsync(options);
        await session.AppendAsync(new LedgerRecord { Job = "a", Run = "1", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch }, Token);
        await session.CompactAsync(Token);
        Assert.Equal(["a"], await server.SqlAsync($"select job from {schema}.history", As(role)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_role_that_may_only_look_looks()
    {
        string role = $"guest_{schema}";
        await (await OpenAsync(Options())).DisposeAsync();
        await server.SqlAsync($"create role {role} login; grant usage on schema {schema} to {role}; grant select on all tables in schema {schema} to {role}");
        await using ILedgerReader reader = await new PostgresLedger(Options() with { ConnectionString = As(role) }).OpenForReadingAsync(Token);
        Assert.Empty(reader.Latest);
        Assert.Equal("LEAT0193", (await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(Options() with { ConnectionString = As(role) }))).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_schema_that_is_empty_and_given_to_a_role_is_filled()
    {
        string role = $"owner_{schema}";
        await server.SqlAsync($"create role {role} login; revoke create on database postgres from public; create schema {schema} authorization {role}");
        await using ILedgerSession session = await OpenAsync(Options() with { ConnectionString = As(role) });
        Assert.Empty(session.Latest);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tables_of_a_newer_Leat_are_refused_and_left_alone()
    {
        await (await OpenAsync(Options())).DisposeAsync();
        await server.SqlAsync($"update {schema}.ledger_version set version = 99");
        LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(Options()));
        Assert.Equal("LEAT0194", error.Code);
        Assert.Contains("have version 99, and this Leat knows versions up to 1", error.Message, StringComparison.Ordinal);
        Assert.Equal("LEAT0194", (await Assert.ThrowsAsync<LeatException>(async () => await new PostgresLedger(Options()).OpenForReadingAsync(Token))).Code);
        Assert.Equal([99], await server.SqlAsync($"select version from {schema}.ledger_version"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_the_server_refuses_to_write_is_told_and_may_be_appended_again()
    {
        await using ILedgerSession session = await OpenAsync(Options());
        await server.SqlAsync($"alter table {schema}.ledger_records add constraint full_disk check (job <> 'b')");
        LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await session.AppendAsync(Record("b"), Token));
        Assert.Equal("LEAT0195", error.Code);
        await session.AppendAsync(Record("a"), Token);
        await server.SqlAsync($"alter table {schema}.ledger_records drop constraint full_disk");
        await session.AppendAsync(Record("b"), Token);
        await using ILedgerReader reader = await new PostgresLedger(Options()).OpenForReadingAsync(Token);
        Assert.Equal(["a", "b"], reader.Good.Keys.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tables_that_were_spoilt_are_told()
    {
        await (await OpenAsync(Options())).DisposeAsync();
        await server.SqlAsync($"drop table {schema}.ledger_jobs");
        Assert.Equal("LEAT0199", (await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(Options()))).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_without_Unicode_is_refused()
    {
        await server.SqlAsync($"create database latin_{schema} encoding 'LATIN1' template template0");
        var latin = Options() with { ConnectionString = $"{server.ConnectionString};Database=latin_{schema}" };
        Assert.Equal("LEAT0198", (await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(latin))).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_database_or_a_role_that_is_not_there_is_told()
    {
        foreach (string wrong in new[] { "Database=nowhere", "Username=nobody" })
        {
            LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync(Options() with { ConnectionString = $"{server.ConnectionString};{wrong}" }));
            Assert.Equal("LEAT0192", error.Code);
            Assert.Contains(wrong.Split('=')[1], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Connection_strings_that_are_none_are_refused_and_not_repeated()
    {
        foreach (string bad in new[] { "Host=x;Pass=se;cret", "cret", "Port=cret;Host=x", "Username=cret" })
        {
            LeatException error = Assert.Throws<LeatException>(() => new PostgresLedger(Options() with { ConnectionString = bad }));
            Assert.Equal("LEAT0191", error.Code);
            Assert.DoesNotContain("cret", error.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal("LEAT0190", Assert.Throws<LeatException>(() => new PostgresLedger(Options() with { ConnectionString = " " })).Code);
    }

    [Fact]
    public void No_password_is_told()
    {
        PostgresLedgerOptions options = Options() with { ConnectionString = "Host=db1;Database=lab;Username=anna;Password=cret" };
        Assert.DoesNotContain("cret", options.ToString(), StringComparison.Ordinal);
        Assert.Equal($"of the graph 'graph' in the schema {schema} at db1:5432/lab", new PostgresLedger(options).ToString());
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        foreach (PostgresLedgerOptions bad in new[]
        {
            Options() with { Graph = "" }, Options() with { Graph = "a\n" }, Options() with { Schema = "x\"y" }, Options() with { Schema = "1a" },
            Options() with { Schema = "pg_a" }, Options() with { Lease = TimeSpan.Zero }, Options() with { RetryFor = TimeSpan.FromTicks(-1) }, Options() with { History = 0 },
        })
        {
            Assert.Equal("LEAT0197", Assert.Throws<LeatException>(() => new PostgresLedger(bad)).Code);
        }
    }

    private static LedgerRecord Record(string job) => new() { Job = job, Run = "1", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch };

    private string As(string role) => $"{server.ConnectionString};Username={role}";

    private PostgresLedgerOptions Options() => new() { ConnectionString = server.ConnectionString, Graph = "graph", Schema = schema };

    private static async Task<ILedgerSession> OpenAsync(PostgresLedgerOptions options) => await new PostgresLedger(options).OpenAsync(new LedgerRun { Id = "test" }, Token);
}
