using System.Diagnostics;
using System.Globalization;
using Leat.Storage;

namespace Leat.Tests.Jobs.Kills;

/// <summary>Whenever a run is killed, the next one goes on from there: what was recorded is not done again, and nothing that is half made is believed.</summary>
/// <remarks><c>LEAT_REPEAT=1000</c> kills as often.</remarks>
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
    [InlineData("threads", 8, 12)]
    [InlineData("processes", 4, 6)]
    public async Task A_killed_run_is_resumed(string pool, int usual, int groups)
    {
        dependants = KillText.Dependants(groups);
        var random = new Random(57);
        int kills = Repeat.Times(usual), killed = 0, completed = 0, version = 0;
        long starts = 0, redone = 0;
        // What must not be done again, as long as nothing changes.
        HashSet<string> done = [];
        HashSet<string> begun = [];
        // What had ended before something began that depends on it, and was not in the ledger: told, since it is done again where its record was still to be written.
        HashSet<string> unrecorded = [];
        int lost = 0;
        bool isReturned = false;
        while (killed < kills || begun.Count > 0)
        {
            // In the end, all is made.
            bool isKilled = await RunAsync(version, pool, groups, killed < kills ? random : null);
            KillLog log = KillLog.Take(folder.FullName);
            foreach ((string id, int of) in log.Runs) runs[id] = of;
            string[] started = [.. log.Started];
            starts += started.Length;
            redone += started.Count(begun.Contains);
            if (!isReturned) lost += started.Count(unrecorded.Contains);
            if (!isReturned) Assert.Empty(started.Intersect(done).Select(each => $"'{each}' was done in version {version}, and is done again behind kill {killed}"));
            // A worker of a killed run may begin what it was just given, until it notices that its parent has ended: that stands in the next run's log.
            if (pool == "threads") Assert.Equal(started.Distinct().Count(), started.Length);
            if (isKilled)
            {
                killed++;
                begun.UnionWith(started);
                done.UnionWith(await RecordedAsync(version));
                unrecorded.UnionWith(log.Done(dependants).Except(done));
                unrecorded.ExceptWith(done);
                if (random.Next(8) > 0 || version == 0) continue;
                // Back to what was there before, which must not be taken for up to date where it was half made anew.
                version--;
                isReturned = true;
                continue;
            }

            completed++;
            CheckOutputs(version, groups, isReturned);
            (begun, done, unrecorded, isReturned) = ([], [], [], false);
            version = runs.Values.Max() + 1;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pool}: {killed} kills, {completed} completed runs, {starts} actions called, {redone} of them again, {lost} of these although something that depends on them had begun"));
    }

    // True if it was killed before it was done.
    private async Task<bool> RunAsync(int version, string pool, int groups, Random? random)
    {
        using Process child = program.Start(folder.FullName, version, pool, groups);
        try
        {
            int lines = random?.Next(groups * 14) ?? int.MaxValue;
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
