using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>Who has a journal, where the system's lock does not tell: on other machines that share its directory.</summary>
public sealed class JournalHoldTests : IDisposable
{
    private const string Elsewhere = """
        leat holder 1
        id 0123
        process 42
        machine elsewhere
        user anna
        since 2026-01-02T03:04:05.0000000Z
        boot 00000000-0000-0000-0000-000000000000
        run nightly
        command pipeline --all samples

        """;

    private readonly TemporaryDirectory folder = new();
    private readonly ManualClock clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Holder => folder["graph/holder"];

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_run_on_another_machine_that_gives_signs_of_life_has_it()
    {
        folder.Write("graph/holder", Elsewhere);
        LedgerHeldException error = await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync());
        Assert.Equal(
            $"LEAT0100: The ledger in '{folder["graph"]}' is in use by run nightly, process 42 of anna on elsewhere, since 2026-01-02 03:04:05 UTC (pipeline --all samples). One run at a time may write to it: wait for that one to end, or end it.",
            error.Message);
        Assert.Equal(Elsewhere, await File.ReadAllTextAsync(Holder, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_on_another_machine_that_gives_none_has_it_no_more()
    {
        folder.Write("graph/holder", Elsewhere);
        File.SetLastWriteTimeUtc(Holder, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-3));
        await using ILedgerSession session = await OpenAsync();
        Assert.Equal(Environment.ProcessId, HolderFile.TryRead(Holder)?.Holder.Process);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("")]
    [InlineData("leat holder 1\nprocess x")]
    [InlineData("\0\0\0\0\0\0")]
    public async Task A_file_that_says_nothing_is_no_obstacle(string text)
    {
        folder.Write("graph/holder", text);
        await using ILedgerSession session = await OpenAsync();
        Assert.Equal("run", HolderFile.TryRead(Holder)?.Holder.Run);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_died_on_this_machine_or_before_it_was_started_again_is_no_obstacle()
    {
        folder.Write("graph/holder", Elsewhere.Replace("elsewhere", Environment.MachineName, StringComparison.Ordinal));
        await using (ILedgerSession session = await OpenAsync()) Assert.Empty(session.Latest);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells one start of the system from another.");
        folder.Write("graph/holder", Elsewhere.Replace("00000000-0000-0000-0000-000000000000", HolderFile.ThisBoot, StringComparison.Ordinal));
        await using (ILedgerSession session = await OpenAsync()) Assert.Empty(session.Latest);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_gives_signs_of_life()
    {
        await using ILedgerSession session = await OpenAsync();
        DateTime old = File.GetLastWriteTimeUtc(Holder).AddMinutes(-10);
        File.SetLastWriteTimeUtc(Holder, old);
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(old, File.GetLastWriteTimeUtc(Holder));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(File.GetLastWriteTimeUtc(Holder) > old.AddMinutes(9));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_counted_as_dead_writes_nothing_more()
    {
        await using (ILedgerSession session = await OpenAsync())
        {
            await session.AppendAsync(Record("a"), Token);
            folder.Write("graph/holder", Elsewhere);
            clock.Advance(TimeSpan.FromMinutes(5));
            LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await session.AppendAsync(Record("b"), Token));
            Assert.Equal("LEAT0107", error.Code);
            Assert.Contains("run nightly", error.Message, StringComparison.Ordinal);
            Assert.Equal("LEAT0107", (await Assert.ThrowsAsync<LeatException>(async () => await session.CompactAsync(Token))).Code);
        }
        Assert.Equal(Elsewhere, await File.ReadAllTextAsync(Holder, Token));
        await using ILedgerReader reader = await new Journal(folder["graph"]).OpenForReadingAsync(Token);
        Assert.Equal(["a"], reader.Latest.Keys);
    }

    [Fact]
    public void The_file_is_read_as_it_was_written()
    {
        var file = new HolderFile("1", "2", new LedgerHolder(3, "m", "ä b", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "r", "c\nd  e"));
        Assert.Equal(file with { Holder = file.Holder with { CommandLine = "c d  e" } }, HolderFile.Parse(file.ToString()));
        Assert.Equal(Elsewhere.ReplaceLineEndings("\n"), HolderFile.Parse(Elsewhere)!.ToString());
    }

    private static LedgerRecord Record(string job) => new() { Job = job, Run = "run", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch };

    private async Task<ILedgerSession> OpenAsync() =>
        await new Journal(folder["graph"], new JournalOptions { Clock = clock }).OpenAsync(new LedgerRun { Id = "run", CommandLine = "c" }, Token);
}
