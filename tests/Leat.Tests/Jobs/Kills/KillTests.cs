using System.Diagnostics;
using System.Globalization;
using Leat.Storage;

namespace Leat.Tests.Jobs.Kills;

/// <summary>
/// Whenever a run is killed, the next one goes on from there: it does again what was running, of which there is no more than there are workers, and nothing
/// else; and nothing that is half made is believed.
/// </summary>
/// <remarks><c>LEAT_REPEAT=1000</c> kills as often, and <c>LEAT_KILL_SEED=2</c> at other moments.</remarks>
public sealed class KillTests(KillProgram program, ITestOutputHelper output) : IClassFixture<KillProgram>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory($"/dev/shm/leat-kill-{Guid.CreateVersion7()}")
        : Directory.CreateTempSubdirectory("leat-kill-");

    private readonly Dictionary<string, int> runs = new(StringComparer.Ordinal);
    private Dictionary<string, string[]> dependants = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory(Timeout = 7_200_000)]
    [InlineData("threads", 3, 12, 12)]
    [InlineData("processes", 2, 8, 6)]
    public async Task A_killed_run_is_resumed(string pool, int workers, int usual, int groups)
    {
        dependants = KillText.Dependants(groups);
        var random = new Random(Environment.GetEnvironmentVariable("LEAT_KILL_SEED") is { Length: > 0 } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : 57);
        int kills = Repeat.Times(usual), killed = 0, completed = 0, version = 0;
        long starts = 0, lost = 0, redone = 0;
        // What is in the ledger, and what was running when a run was killed: since the version has last changed.
        HashSet<string> done = [], wasRunning = [];
        bool isReturned = false, isOver = false;
        while (!isOver)
        {
            bool isKilled = await RunAsync(version, pool, groups, killed < kills ? random : null);
            KillLog log = KillLog.Take(folder.FullName);
            foreach ((string id, int of) in log.Runs) runs[id] = of;
            string[] started = [.. log.Started];
            starts += started.Length;
            redone += started.Count(wasRunning.Contains);
            Assert.Equal(started.Distinct().Count(), started.Length);
            // Where the version has gone back, so have those that it makes out of date.
            if (!isReturned) Assert.Empty(started.Intersect(done).Select(each => $"'{each}' was done in version {version}, and is done again behind kill {killed}"));
            if (isKilled)
            {
                killed++;
                HashSet<string> recorded = [.. await RecordedAsync(version)];
                string[] running = [.. started.Except(recorded)];
                Assert.Empty(log.EndedAhead(dependants).Except(recorded).Select(each => $"'{each}' was not recorded at kill {killed}, and something that depends on it had begun"));
                Assert.True(running.Length <= workers, $"{string.Join(", ", running)} were running at kill {killed}, on {workers} workers");
                lost += running.Length;
                done.UnionWith(recorded);
                wasRunning.UnionWith(running);
                wasRunning.ExceptWith(done);
                if (random.Next(8) > 0 || version == 0) continue;
                // Back to what was there before, which must not be taken for up to date where it was half made anew.
                version--;
                (done, wasRunning, isReturned) = ([], [], true);
                continue;
            }

            completed++;
            CheckOutputs(version, groups, isReturned);
            // In the end, all is made.
            isOver = killed >= kills;
            (done, wasRunning, isReturned) = ([], [], false);
            version = runs.Values.Max() + 1;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pool}: {killed} kills, {completed} completed runs, {starts} actions called, {lost} running when they were killed, {redone} of these called again"));
    }

    // True if it was killed before it was done.
    private async Task<bool> RunAsync(int version, string pool, int groups, Random? random)
    {
        using Process child = program.Start(folder.FullName, version, pool, groups);
        try
        {
            int lines = random?.Next(groups * 7) ?? int.MaxValue;
            string? last = null;
            while (lines-- > 0 && await child.StandardOutput.ReadLineAsync(Token) is { } line) last = line;
            if (last == "done") return false;
            if (random is not null) Thread.SpinWait(random.Next(60_000));
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(Token) is { } line) last = line;
            await child.WaitForExitAsync(Token);
            Assert.False(last?.StartsWith("failed", StringComparison.Ordinal) == true || last?.StartsWith("refused", StringComparison.Ordinal) == true, last);
            Assert.True(last == "done" || random is not null, last);
            return last != "done";
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
            // What it has begun stands in its own log, and not in that of the next one.
            await program.IsGoneAsync();
        }
    }

    private async Task<IEnumerable<string>> RecordedAsync(int version)
    {
        await using ILedgerReader reader = await new Journal(Path.Combine(folder.FullName, ".leat")).OpenForReadingAsync(Token);
        Assert.All(reader.Warnings, each => Assert.IsType<LedgerTailCut>(each));
        return [.. dependants.Keys.Where(name => reader.Good.TryGetValue(KillText.IdOf(name), out LedgerRecord? record) && runs.TryGetValue(record.Run, out int of) && of == version)];
    }

    private void CheckOutputs(int version, int groups, bool isReturned)
    {
        foreach ((string path, string text) in KillText.Files(version, groups)) Assert.Equal(text, File.ReadAllText(Path.Combine(folder.FullName, path)));
        string temporary = Path.Combine(folder.FullName, "temporary"), leftovers = Path.Combine(folder.FullName, ".leat", "tmp");
        // Made by a run that was killed before it could say so, and not wanted any more: such a file is nobody's, and stays.
        if (Directory.Exists(temporary) && !isReturned) Assert.Empty(Directory.EnumerateFiles(temporary));
        if (Directory.Exists(leftovers)) Assert.Empty(Directory.EnumerateFileSystemEntries(leftovers));
    }
}
