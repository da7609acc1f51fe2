using Leat.Storage;
using Xunit;

namespace Leat.TestKit;

/// <summary>What every ledger must do. A test class inherits it, and says how its ledger is made.</summary>
public abstract class LedgerConformance
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A ledger for a graph; given the same name again, another one for the same graph.</summary>
    protected abstract ILedger Ledger(string graph = "graph");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_new_ledger_is_empty()
    {
        await using (ILedgerReader reader = await Ledger().OpenForReadingAsync(Token)) await IsEmptyAsync(reader);
        await using (ILedgerSession session = await OpenAsync()) await IsEmptyAsync(session);
        await using (ILedgerReader reader = await Ledger().OpenForReadingAsync(Token)) await IsEmptyAsync(reader);
    }

    [Fact(Timeout = 60_000)]
    public async Task Records_are_read_as_they_were_written()
    {
        LedgerRecord[] records =
        [
            Record("plain"),
            Record("ünï→😀\n'") with { Run = "läuft", Machine = "knöten\n1", Message = "two\nlines" },
            Record("small") with { Run = "", Time = TimeSpan.Zero, Attempts = 0 },
            Record("large") with { Time = TimeSpan.FromDays(400), Attempts = int.MaxValue, State = Bytes(1_000_000) },
            Record(new string('j', 5000)) with { Kind = LedgerKind.Failed, Message = new string('m', 100_000) },
            Record("elsewhere") with { Kind = LedgerKind.Accepted, Started = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(5.5)).AddTicks(1_234_560) },
            Record("old") with { Started = DateTimeOffset.UnixEpoch },
        ];
        await using (ILedgerSession session = await OpenAsync())
        {
            foreach (LedgerRecord record in records) await session.AppendAsync(record, Token);
        }
        await using (ILedgerSession session = await OpenAsync())
        {
            Assert.Equal(records.Length, session.Latest.Count);
            foreach (LedgerRecord record in records)
            {
                Assert.Equal(record, session.Latest[record.Job]);
                Assert.Equal(TimeSpan.Zero, session.Latest[record.Job].Started.Offset);
                Assert.Equal([record], await session.HistoryAsync(record.Job, Token));
            }
            Assert.Empty(session.Warnings);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_latest_record_counts_and_the_latest_good_one()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            await AppendAsync(session, "a", LedgerKind.Succeeded, LedgerKind.Failed);
            await AppendAsync(session, "b", LedgerKind.Failed, LedgerKind.Accepted);
            await AppendAsync(session, "c", LedgerKind.Succeeded, LedgerKind.Forgotten);
            await AppendAsync(session, "d", LedgerKind.Succeeded, LedgerKind.Forgotten, LedgerKind.Failed);
            await AppendAsync(session, "e", LedgerKind.Succeeded, LedgerKind.Failed, LedgerKind.Failed, LedgerKind.Succeeded);
            await AppendAsync(session, "f", LedgerKind.Failed);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(
            ["a Failed 1", "b Accepted 1", "d Failed 2", "e Succeeded 3", "f Failed 0"],
            reader.Latest.Select(each => $"{each.Key} {each.Value.Kind} {each.Value.Attempts}").Order(StringComparer.Ordinal));
        Assert.Equal(
            ["a Succeeded 0", "b Accepted 1", "e Succeeded 3"],
            reader.Good.Values.Select(each => $"{each.Job} {each.Kind} {each.Attempts}").Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b", "e"], reader.Good.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((5, 3), (reader.Latest.Count, reader.Good.Count));
        Assert.False(reader.Latest.ContainsKey("c"));
        Assert.False(reader.Good.TryGetValue("f", out _));
        Assert.Throws<KeyNotFoundException>(() => reader.Latest["none"]);
        Assert.Equal([2, 1, 0], (await reader.HistoryAsync("d", Token)).Select(each => each.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_session_has_what_was_there_and_the_history_also_what_came()
    {
        await using (ILedgerSession first = await OpenAsync()) await first.AppendAsync(Record("a") with { Run = "1" }, Token);
        await using ILedgerSession session = await OpenAsync();
        await session.AppendAsync(Record("a") with { Run = "2" }, Token);
        await session.AppendAsync(Record("b") with { Run = "2" }, Token);
        Assert.Equal("1", session.Latest["a"].Run);
        Assert.Single(session.Good);
        Assert.Equal(["2", "1"], (await session.HistoryAsync("a", Token)).Select(each => each.Run));
        Assert.Single(await session.HistoryAsync("b", Token));
        Assert.Empty(await session.HistoryAsync("c", Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_callers_append_at_once_and_each_in_its_order()
    {
        const int Callers = 8, Each = 300;
        await using (ILedgerSession session = await OpenAsync())
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, Callers), Token, async (caller, token) =>
            {
                List<Task> written = [];
                for (int i = 0; i < Each; i++) written.Add(session.AppendAsync(Numbered($"job {caller} {i % 100}", i), token).AsTask());
                await Task.WhenAll(written);
            });
            await session.FlushAsync(Token);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(Callers * 100, reader.Latest.Count);
        for (int caller = 0; caller < Callers; caller++)
        {
            for (int i = 0; i < 100; i++)
            {
                Assert.Equal([200 + i, 100 + i, i], (await reader.HistoryAsync($"job {caller} {i}", Token)).Select(each => each.Attempts));
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_run_is_refused_and_told_of_the_first()
    {
        ILedgerSession first = await Ledger().OpenAsync(new LedgerRun { Id = "first", CommandLine = "pipeline --all" }, Token);
        for (int i = 0; i < 2; i++)
        {
            LedgerHeldException error = await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync("second"));
            Assert.Equal("LEAT0100", error.Code);
            Assert.Equal(("first", "pipeline --all"), (error.Holder?.Run, error.Holder?.CommandLine));
            Assert.Equal((Environment.ProcessId, Environment.MachineName), (error.Holder?.Process, error.Holder?.Machine));
            Assert.Contains("run first", error.Message, StringComparison.Ordinal);
        }
        await first.AppendAsync(Record("a"), Token);
        await first.DisposeAsync();
        await using ILedgerSession second = await OpenAsync("second");
        Assert.Single(second.Latest);
    }

    [Fact(Timeout = 60_000)]
    public async Task Readers_are_let_in_while_a_run_has_it()
    {
        await using ILedgerSession session = await OpenAsync();
        for (int i = 0; i < 20; i++)
        {
            await session.AppendAsync(Numbered("a", i), Token);
            await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
            Assert.Equal(i, reader.Latest["a"].Attempts);
            Assert.Empty(reader.Warnings);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_compaction_keeps_what_counts_and_the_newest_of_the_history()
    {
        await using ILedgerSession session = await OpenAsync();
        await session.AppendAsync(Numbered("good", 1000), Token);
        for (int i = 0; i < 500; i++) await session.AppendAsync(Numbered($"job {i % 5}", i), Token);
        for (int i = 0; i < 100; i++) await session.AppendAsync(Numbered("good", i) with { Kind = LedgerKind.Failed }, Token);
        await session.CompactAsync(Token);
        await session.AppendAsync(Numbered("after", 1), Token);
        await session.CompactAsync(Token);
        await session.AppendAsync(Numbered("after", 2), Token);
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(7, reader.Latest.Count);
        for (int job = 0; job < 5; job++)
        {
            Assert.Equal(495 + job, reader.Latest[$"job {job}"].Attempts);
            IReadOnlyList<LedgerRecord> history = await reader.HistoryAsync($"job {job}", Token);
            Assert.NotEmpty(history);
            Assert.Equal(Enumerable.Range(0, history.Count).Select(back => 495 + job - (5 * back)), history.Select(each => each.Attempts));
        }
        Assert.Equal((99, 1000), (reader.Latest["good"].Attempts, reader.Good["good"].Attempts));
        Assert.Equal([2, 1], (await reader.HistoryAsync("after", Token)).Select(each => each.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_closed_session_takes_nothing()
    {
        ILedgerSession session = await OpenAsync();
        await session.DisposeAsync();
        await session.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await session.AppendAsync(Record("a"), Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await session.FlushAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await session.CompactAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_appended_and_not_awaited_is_there_after_closing()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            for (int i = 0; i < 1000; i++) _ = session.AppendAsync(Numbered($"job {i}", i), Token).AsTask();
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(1000, reader.Latest.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_record_is_refused_and_does_no_harm()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            foreach (LedgerRecord bad in new[]
            {
                Record(""), Record("half \ud83d"), Record("a") with { Kind = LedgerKind.None }, Record("a") with { Kind = (LedgerKind)77 },
                Record("a") with { Time = TimeSpan.FromTicks(-1) }, Record("a") with { Attempts = -1 }, Record("a") with { Message = "\udc00" },
            })
            {
                await Assert.ThrowsAnyAsync<ArgumentException>(async () => await session.AppendAsync(bad, Token));
            }
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.AppendAsync(Record("b"), new CancellationToken(canceled: true)));
            await session.AppendAsync(Record("c"), Token);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(["c"], reader.Latest.Keys);
    }

    [Fact(Timeout = 60_000)]
    public async Task Graphs_know_nothing_of_each_other()
    {
        await using ILedgerSession one = await OpenAsync("1", "one");
        await using ILedgerSession other = await OpenAsync("1", "other");
        await one.AppendAsync(Record("a"), Token);
        await using ILedgerReader reader = await Ledger("other").OpenForReadingAsync(Token);
        await IsEmptyAsync(reader);
    }

    [Fact(Timeout = 60_000)]
    public async Task Random_histories_are_those_of_a_dictionary()
    {
        var random = new Random(11);
        var model = new LedgerModel();
        for (int run = 0; run < 30; run++)
        {
            await using ILedgerSession session = await OpenAsync($"run {run}");
            model.IsIn(session);
            int appends = random.Next(60);
            for (int i = 0; i < appends; i++)
            {
                LedgerRecord record = Record($"job {random.Next(12)}") with
                {
                    Run = $"run {run}",
                    Kind = (LedgerKind)random.Next(1, 5),
                    Attempts = i,
                    State = Bytes(random.Next(300)),
                };
                await session.AppendAsync(record, Token);
                model.Add(record);
            }
            if (random.Next(3) == 0) await session.CompactAsync(Token);
            string job = $"job {random.Next(12)}";
            IReadOnlyList<LedgerRecord> history = await session.HistoryAsync(job, Token);
            Assert.Equal(model.HistoryOf(job).Take(history.Count), history);
        }
    }

    protected static LedgerRecord Record(string job) => new()
    {
        Job = job,
        Run = "run",
        Kind = LedgerKind.Succeeded,
        Started = Start,
        Time = TimeSpan.FromMilliseconds(1500),
        Machine = "node1",
        State = Bytes(job.Length),
    };

    protected static LedgerRecord Numbered(string job, int number) => Record(job) with { Attempts = number };

    protected async Task<ILedgerSession> OpenAsync(string run = "run", string graph = "graph") =>
        await Ledger(graph).OpenAsync(new LedgerRun { Id = run }, Token);

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static async Task AppendAsync(ILedgerSession session, string job, params LedgerKind[] kinds)
    {
        foreach ((int index, LedgerKind kind) in kinds.Index()) await session.AppendAsync(Numbered(job, index) with { Kind = kind }, Token);
    }

    private static async Task IsEmptyAsync(ILedgerReader reader)
    {
        Assert.Empty(reader.Latest);
        Assert.Empty(reader.Good);
        Assert.Empty(reader.Warnings);
        Assert.Empty(await reader.HistoryAsync("a", Token));
    }
}
