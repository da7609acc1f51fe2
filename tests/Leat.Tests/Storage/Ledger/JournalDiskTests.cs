using System.Diagnostics;
using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>A disk that is full is told, and does no harm to what was written.</summary>
public sealed class JournalDiskTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_full_disk_is_told_and_the_run_may_go_on()
    {
        string disk = folder["disk"];
        Directory.CreateDirectory(disk);
        string mount = Require.Tool("mount");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        Assert.SkipUnless(await RunAsync(mount, "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk) == 0, "A small disk can't be mounted.");
        try
        {
            await FillAsync(new Journal(Path.Combine(disk, ".leat")), folder["disk/ballast"]);
        }
        finally
        {
            await RunAsync(Require.Tool("umount"), disk);
        }
    }

    private static async Task FillAsync(Journal ledger, string ballast)
    {
        List<string> there = [];
        await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token))
        {
            await File.WriteAllBytesAsync(ballast, new byte[100_000], Token);
            while (await TryAppendAsync(session, $"job {there.Count}") is not { } error) there.Add($"job {there.Count}");
            Assert.False(await TryAppendAsync(session, "again") is null);
            await IsThereAsync(ledger, there);
            LeatException refused = await Assert.ThrowsAsync<LeatException>(async () => await session.CompactAsync(Token));
            Assert.Equal("LEAT0103", refused.Code);
            File.Delete(ballast);
            Assert.Null(await TryAppendAsync(session, "after all"));
            there.Add("after all");
            while (await TryAppendAsync(session, $"more {there.Count}") is null) there.Add($"more {there.Count}");
        }
        await IsThereAsync(ledger, there);
        LeatException full = await Assert.ThrowsAsync<LeatException>(async () =>
        {
            await using var rest = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                while (true) rest.Write(new byte[1]);
            }
            catch (IOException)
            {
                // Full to the last byte.
            }
            await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token);
        });
        Assert.Equal("LEAT0103", full.Code);
        await IsThereAsync(ledger, there);
    }

    private static async Task<LeatException?> TryAppendAsync(ILedgerSession session, string job)
    {
        try
        {
            await session.AppendAsync(new LedgerRecord { Job = job, Run = "run", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch, State = new byte[3333] }, Token);
            return null;
        }
        catch (LeatException error)
        {
            Assert.StartsWith("LEAT0104: What 1 jobs did can't be written to the ledger", error.Message, StringComparison.Ordinal);
            return error;
        }
    }

    private static async Task IsThereAsync(Journal ledger, List<string> jobs)
    {
        await using ILedgerReader reader = await ledger.OpenForReadingAsync(Token);
        Assert.Equal(jobs.Order(StringComparer.Ordinal), reader.Latest.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(reader.Warnings);
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
