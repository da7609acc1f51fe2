using System.Diagnostics;
using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>A journal does all that a ledger must do, and what only a file can.</summary>
public sealed class JournalTests(ITestOutputHelper output) : LedgerConformance, IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    protected override ILedger Ledger(string graph = "graph") => new Journal(folder[graph]);

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_made_by_looking()
    {
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Empty(reader.Latest);
        Assert.False(Directory.Exists(folder["graph"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_closed_journal_leaves_its_file_and_its_lock()
    {
        await using (ILedgerSession session = await OpenAsync()) await session.AppendAsync(Record("a"), Token);
        Assert.Equal(["journal", "lock"], Directory.GetFiles(folder["graph"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task It_is_compacted_when_more_than_half_is_old()
    {
        var options = new JournalOptions { History = 3, CompactFrom = 20_000 };
        var ledger = new Journal(folder["graph"], options);
        long largest = 0;
        for (int run = 0; run < 40; run++)
        {
            await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = $"{run}" }, Token))
            {
                for (int job = 0; job < 20; job++) await session.AppendAsync(Numbered($"job {job}", run), Token);
            }
            largest = Math.Max(largest, new FileInfo(folder["graph/journal"]).Length);
        }
        Assert.InRange(largest, 10_000, 25_000);
        await using ILedgerReader reader = await ledger.OpenForReadingAsync(Token);
        Assert.InRange((await reader.HistoryAsync("job 7", Token)).Count, 3, 20);
        Assert.All(reader.Latest.Values, each => Assert.Equal(39, each.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_compaction_that_is_asked_for_keeps_the_last_ten_and_the_good()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            await session.AppendAsync(Numbered("a", 0), Token);
            for (int i = 1; i < 30; i++) await session.AppendAsync(Numbered("a", i) with { Kind = LedgerKind.Failed }, Token);
            await session.CompactAsync(Token);
            Assert.Equal([29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 0], (await session.HistoryAsync("a", Token)).Select(each => each.Attempts));
        }
        await using ILedgerSession next = await OpenAsync();
        Assert.Equal((29, 0), (next.Latest["a"].Attempts, next.Good["a"].Attempts));
        Assert.Empty(next.Warnings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Compacting_and_appending_at_once_loses_nothing()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            Task appending = Task.Run(async () =>
            {
                foreach (int[] some in Enumerable.Range(0, 1000).Chunk(20))
                {
                    await Task.WhenAll(some.Select(i => session.AppendAsync(Numbered($"job {i % 300}", i), Token).AsTask()));
                }
            }, Token);
            while (!appending.IsCompleted) await session.CompactAsync(Token);
            await appending;
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Empty(reader.Warnings);
        for (int job = 0; job < 300; job++)
        {
            int last = job < 100 ? 900 + job : 600 + job;
            Assert.Equal(last, reader.Latest[$"job {job}"].Attempts);
            Assert.Equal(job < 100 ? 4 : 3, (await reader.HistoryAsync($"job {job}", Token)).Count);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Records_are_brought_to_the_disk_in_time()
    {
        var clock = new ManualClock();
        await using ILedgerSession session = await new Journal(folder["graph"], new JournalOptions { Clock = clock }).OpenAsync(new LedgerRun { Id = "run" }, Token);
        Assert.Equal(1, clock.ArmedTimers);
        await session.AppendAsync(Record("a"), Token);
        Assert.Equal(2, clock.ArmedTimers);
        await session.AppendAsync(Record("b"), Token);
        Assert.Equal(2, clock.ArmedTimers);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, clock.ArmedTimers);
        await session.AppendAsync(Record("c"), Token);
        Assert.Equal(2, clock.ArmedTimers);
        await session.FlushAsync(Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Records_are_brought_to_the_disk_at_once_or_at_the_end(int milliseconds)
    {
        var clock = new ManualClock();
        var options = new JournalOptions { Clock = clock, FlushAfter = milliseconds == 0 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan };
        await using (ILedgerSession session = await new Journal(folder["graph"], options).OpenAsync(new LedgerRun { Id = "run" }, Token))
        {
            for (int i = 0; i < 5; i++) await session.AppendAsync(Numbered("a", i), Token);
            Assert.Equal(1, clock.ArmedTimers);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(4, reader.Latest["a"].Attempts);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused()
    {
        foreach (JournalOptions bad in new JournalOptions[]
        {
            new() { History = 0 }, new() { FlushAfter = TimeSpan.FromTicks(-5) }, new() { CompactFrom = -1 }, new() { HolderTimeout = TimeSpan.Zero },
        })
        {
            Assert.Equal("LEAT0109", Assert.Throws<LeatException>(() => new Journal("x", bad)).Code);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_path_that_is_a_file_is_told()
    {
        folder.Write("graph", "x");
        Assert.Equal("LEAT0103", (await Assert.ThrowsAsync<LeatException>(async () => await OpenAsync())).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_hundred_thousand_records_are_loaded_fast()
    {
        byte[] state = new byte[300];
        new Random(3).NextBytes(state);
        TimeSpan appending, writing;
        await using (ILedgerSession session = await OpenAsync())
        {
            long start = Stopwatch.GetTimestamp();
            Task last = Task.CompletedTask;
            for (int i = 0; i < 100_000; i++) last = session.AppendAsync(Record($"results/sample{i}.bam") with { State = state }, Token).AsTask();
            appending = Stopwatch.GetElapsedTime(start);
            await last;
            writing = Stopwatch.GetElapsedTime(start);
        }
        TimeSpan best = TimeSpan.MaxValue, first = default;
        for (int i = 0; i < 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
            Assert.Equal(100_000, reader.Latest.Count);
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            if (i == 0) first = time;
            if (time < best) best = time;
            Assert.Equal(state, reader.Latest["results/sample77777.bam"].State.ToArray());
        }
        output.WriteLine($"100,000 records, {new FileInfo(folder["graph/journal"]).Length} bytes: loaded in {best.TotalMilliseconds:F1} ms (the first time {first.TotalMilliseconds:F1}); "
            + $"appended in {appending.TotalMilliseconds:F1} ms, written in {writing.TotalMilliseconds:F1}");
        Assert.True(best < TimeSpan.FromSeconds(1), $"Loading took {best}.");
    }
}
