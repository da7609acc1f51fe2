using Leat.Storage;

namespace Leat.Postgres.Tests;

/// <summary>A ledger in PostgreSQL does all that a ledger must do, and what only a database can.</summary>
public sealed class PostgresLedgerTests : LedgerConformance
{
    private readonly PostgresServer server;
    private readonly string schema = PostgresRig.NewSchema();

    public PostgresLedgerTests(PostgresServer server)
    {
        server.Need();
        this.server = server;
    }

    protected override ILedger Ledger(string graph = "graph") => new PostgresLedger(Options(graph));

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_made_by_looking()
    {
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Empty(reader.Latest);
        Assert.Equal([false], await server.SqlAsync($"select exists (select from pg_namespace where nspname = '{schema}')"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_text_and_time_comes_back_as_it_was()
    {
        LedgerRecord[] records =
        [
            Record("a\0b\u0001c\u00010") with { Run = "\0", Machine = "\u0001\u0001", Message = "\0\0x\u0001" },
            Record("a\u00010b\u0001c\u00010"),
            Record("\u0001"),
            Record("\\0'\"$1"),
            Record("first") with { Started = DateTimeOffset.MinValue, Time = TimeSpan.FromTicks(1) },
            Record("last") with { Started = DateTimeOffset.MaxValue, Time = TimeSpan.MaxValue },
            Record("tick") with { Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_567) },
            Record(string.Concat(Enumerable.Range(0, 20_000).Select(each => $"{each * 7919:x} "))),
        ];
        await using (ILedgerSession session = await OpenAsync())
        {
            foreach (LedgerRecord record in records) await session.AppendAsync(record, Token);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(records.Length, reader.Latest.Count);
        foreach (LedgerRecord record in records)
        {
            Assert.Equal(record, reader.Latest[record.Job]);
            Assert.Equal(record, reader.Good[record.Job]);
            Assert.Equal([record], await reader.HistoryAsync(record.Job, Token));
        }
        // The views read them all, whatever is in them.
        Assert.Equal(records.Length, (await server.SqlAsync($"select started::text, seconds from {schema}.history")).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Bytes_may_be_used_again_at_once()
    {
        byte[] state = [1, 2, 3];
        await using (ILedgerSession session = await OpenAsync())
        {
            ValueTask appended = session.AppendAsync(Record("a") with { State = state }, Token);
            state[0] = 9;
            await appended;
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal([1, 2, 3], reader.Latest["a"].State.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_stays_at_its_instant()
    {
        await using ILedgerSession session = await OpenAsync();
        await session.AppendAsync(Numbered("a", 1), Token);
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        await session.AppendAsync(Numbered("a", 2), Token);
        Assert.Equal(1, reader.Latest["a"].Attempts);
        Assert.Equal([1], (await reader.HistoryAsync("a", Token)).Select(each => each.Attempts));
        Assert.Equal([2, 1], (await session.HistoryAsync("a", Token)).Select(each => each.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_compaction_keeps_as_much_as_was_asked_for_and_the_good()
    {
        var ledger = new PostgresLedger(Options("graph") with { History = 3 });
        await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token))
        {
            await session.AppendAsync(Numbered("a", 0), Token);
            for (int i = 1; i < 30; i++) await session.AppendAsync(Numbered("a", i) with { Kind = LedgerKind.Failed }, Token);
            await session.CompactAsync(Token);
            Assert.Equal([29, 28, 27, 0], (await session.HistoryAsync("a", Token)).Select(each => each.Attempts));
        }
        await using ILedgerSession next = await OpenAsync();
        Assert.Equal((29, 0), (next.Latest["a"].Attempts, next.Good["a"].Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_compacted_at_the_end_when_much_is_old()
    {
        var ledger = new PostgresLedger(Options("graph") with { History = 1 });
        await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token))
        {
            for (int i = 0; i < 12_000; i++) _ = session.AppendAsync(Numbered($"job {i % 10}", i), Token).AsTask();
        }
        Assert.Equal([10L], await server.SqlAsync($"select count(*) from {schema}.ledger_records"));
        await using ILedgerReader reader = await ledger.OpenForReadingAsync(Token);
        Assert.Equal(Enumerable.Range(11_990, 10), reader.Latest.Values.Select(each => each.Attempts).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_creators_at_once_make_one_schema_and_one_of_them_has_the_lease()
    {
        Task<ILedgerSession>[] runs = [.. Enumerable.Range(0, 12).Select(each => Task.Run(() => OpenAsync($"{each}", $"graph {each % 6}"), Token))];
        await Task.WhenAll(runs).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.All(runs.Where(each => each.IsFaulted), each => Assert.StartsWith("LEAT0100", each.Exception!.InnerException!.Message, StringComparison.Ordinal));
        Assert.Equal(6, runs.Count(each => each.IsCompletedSuccessfully));
        foreach (Task<ILedgerSession> run in runs.Where(each => each.IsCompletedSuccessfully)) await (await run).DisposeAsync();
        Assert.Equal([1], await server.SqlAsync($"select version from {schema}.ledger_version"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_record_larger_than_a_batch_is_taken_and_small_ones_with_it()
    {
        byte[] state = new byte[20_000_000];
        new Random(4).NextBytes(state);
        await using (ILedgerSession session = await OpenAsync())
        {
            Task[] appended = [.. Enumerable.Range(0, 9).Select(i => session.AppendAsync(Numbered($"{i}", i) with { State = i == 4 ? state : new byte[i] }, Token).AsTask())];
            await Task.WhenAll(appended);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(9, reader.Good.Count);
        Assert.Equal(state, reader.Good["4"].State.ToArray());
    }

    private PostgresLedgerOptions Options(string graph) => new() { ConnectionString = server.ConnectionString, Graph = graph, Schema = schema };
}
