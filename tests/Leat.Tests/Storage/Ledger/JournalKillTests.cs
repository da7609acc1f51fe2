using System.Diagnostics;
using System.Globalization;
using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>Whenever a run is killed, what it had appended is there, and the next run has the journal.</summary>
public sealed class JournalKillTests(LedgerProgram program, ITestOutputHelper output) : IClassFixture<LedgerProgram>, IDisposable
{
    private const int RunsPerJournal = 20;

    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 1_800_000)]
    [InlineData("append", 30)]
    [InlineData("compact", 6)]
    public async Task What_a_killed_run_had_appended_is_there(string mode, int usual)
    {
        var random = new Random(41);
        int kills = Repeat.Times(usual), torn = 0, next = 0;
        long appended = 0, unprinted = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            if (kill % RunsPerJournal == 0) next = 0;
            string directory = folder[$"{kill / RunsPerJournal}"];
            int printed = await KillAsync(mode, directory, next, random);
            await using ILedgerReader reader = await new Journal(directory).OpenForReadingAsync(Token);
            int count = Check(reader);
            Assert.InRange(printed, -1, count - 1);
            Assert.All(reader.Warnings, each => Assert.IsType<LedgerTailCut>(each));
            torn += reader.Warnings.Count;
            appended += count - next;
            if (printed >= 0) unprinted += count - 1 - printed;
            next = count;
        }
        output.WriteLine($"{mode}: {kills} kills, {appended} records, {torn} torn ends, {unprinted} records more than were told");
    }

    [Fact(Timeout = 60_000)]
    public async Task One_of_two_processes_is_refused_and_has_it_when_the_other_is_killed()
    {
        using Process holder = program.Start("hold", folder["graph"]);
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Token));

        LedgerHeldException error = await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync());
        Assert.Equal((holder.Id, Environment.MachineName, Environment.UserName, "child", "the child"), (error.Holder!.Process, error.Holder.Machine, error.Holder.User, error.Holder.Run, error.Holder.CommandLine));
        Assert.InRange(TimeProvider.System.GetUtcNow() - error.Holder.Since, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        holder.Kill();
        await holder.WaitForExitAsync(Token);
        await using ILedgerSession session = await OpenAsync();
        using Process second = program.Start("hold", folder["graph"]);
        string? refusal = await second.StandardOutput.ReadLineAsync(Token);
        await second.WaitForExitAsync(Token);
        Assert.StartsWith(FormattableString.Invariant($"LEAT0100: The ledger in '{folder["graph"]}' is in use by run test, process {Environment.ProcessId} of "), refusal, StringComparison.Ordinal);
    }

    private async Task<ILedgerSession> OpenAsync() => await new Journal(folder["graph"]).OpenAsync(new LedgerRun { Id = "test" }, Token);

    // Killed when it has told of so many records, or, every fifth time, at some instant of its first tenth of a second.
    private async Task<int> KillAsync(string mode, string directory, int next, Random random)
    {
        using Process child = program.Start(mode, directory, next);
        int printed = -1;
        if (random.Next(5) == 0) await Task.Delay(TimeSpan.FromMilliseconds(random.Next(150)), TimeProvider.System, Token);
        else await ReadAsync(random.Next(1, mode == "append" ? 2000 : 200));
        child.Kill();
        await ReadAsync(int.MaxValue);
        await child.WaitForExitAsync(Token);
        return printed;

        async Task ReadAsync(int lines)
        {
            while (lines-- > 0 && await child.StandardOutput.ReadLineAsync(Token) is { } line) printed = Math.Max(printed, int.Parse(line, CultureInfo.InvariantCulture));
        }
    }

    private static int Check(ILedgerReader reader)
    {
        int count = reader.Latest.Count - (reader.Latest.ContainsKey("noise") ? 1 : 0);
        for (int i = 0; i < count; i++)
        {
            LedgerRecord record = reader.Latest[$"job {i}"];
            Assert.Equal((i, i % 700), (record.Attempts, record.State.Length));
            Assert.False(record.State.Span.ContainsAnyExcept((byte)i));
        }
        return count;
    }
}
