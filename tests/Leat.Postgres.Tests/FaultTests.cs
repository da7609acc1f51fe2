using System.Diagnostics;
using System.Globalization;
using Leat.Storage;

namespace Leat.Postgres.Tests;

/// <summary>Servers that restart or go away, runs that are killed or frozen: nothing is lost, doubled or written by two.</summary>
public sealed class FaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly PostgresServer server = new();
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        server.Need();
    }

    public async ValueTask DisposeAsync()
    {
        folder.Dispose();
        await server.DisposeAsync();
    }

    [Theory(Timeout = 180_000)]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_server_that_restarts_in_the_middle_of_a_run_loses_and_doubles_nothing(string mode)
    {
        const int Jobs = 500, Restarts = 3;
        int done = 0;
        TaskCompletionSource[] reached = [.. Enumerable.Range(0, Restarts).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        var graph = new JobGraph(new JobGraphOptions { Folder = folder.Path, Ledger = Ledger() });
        for (int i = 0; i < Jobs; i++)
        {
            int number = i;
            graph.File($"out/{i}.txt", async path =>
            {
                await File.WriteAllTextAsync(path, $"{number}");
                int now = Interlocked.Increment(ref done);
                if (now % 120 == 0 && now / 120 <= Restarts) reached[(now / 120) - 1].SetResult();
            }).IgnoreCodeChanges();
        }
        Task<RunReport> running = graph.RunAsync(Pool.Threads(4), cancellationToken: Token);
        foreach (TaskCompletionSource each in reached)
        {
            await each.Task.WaitAsync(Token);
            await server.StopAsync(mode);
            await server.StartAsync();
        }
        RunReport report = await running;
        Assert.Equal(Jobs, report.Count(JobOutcome.Succeeded));

        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(Jobs, reader.Good.Count);
        Assert.Equal([(long)Jobs], await server.SqlAsync("select count(*) from leat.history"));
        RunReport again = await graph.RunAsync(Pool.Threads(4), cancellationToken: Token);
        Assert.Equal(0, again.Count(JobOutcome.Succeeded));
    }

    [Fact(Timeout = 180_000)]
    public async Task Appending_through_restarts_keeps_every_record_once_and_in_order()
    {
        const int Records = 20_000;
        var ledger = new PostgresLedger(Options() with { History = int.MaxValue });
        await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "test" }, Token))
        {
            Task appending = Task.Run(async () =>
            {
                foreach (int[] some in Enumerable.Range(0, Records).Chunk(50))
                {
                    await Task.WhenAll(some.Select(i => session.AppendAsync(Record($"job {i % 100}", i), Token).AsTask()));
                }
            }, Token);
            int restarts = 0;
            while (!appending.IsCompleted && restarts < 5)
            {
                await server.StopAsync(restarts++ % 2 == 0 ? "immediate" : "fast");
                await server.StartAsync();
                // Some of it gets through before the next one.
                await session.AppendAsync(Record("between", 0), Token);
            }
            await appending;
            output.WriteLine($"{restarts} restarts");
            Assert.True(restarts > 1);
        }
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        for (int job = 0; job < 100; job++)
        {
            IReadOnlyList<LedgerRecord> history = await reader.HistoryAsync($"job {job}", Token);
            Assert.Equal(Enumerable.Range(0, Records / 100).Select(i => (i * 100) + job).Reverse(), history.Select(each => each.Attempts));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_is_killed_keeps_what_it_had_appended_and_loses_the_ledger_after_its_lease()
    {
        int next = 0;
        for (int kill = 0; kill < 3; kill++)
        {
            using Process child = Start("append", lease: 1, next);
            Assert.Equal("held", await child.StandardOutput.ReadLineAsync(Token));
            int printed = -1;
            for (int i = 0; i < 200; i++) printed = int.Parse((await child.StandardOutput.ReadLineAsync(Token))!, CultureInfo.InvariantCulture);

            LedgerHeldException error = await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync());
            Assert.Equal((child.Id, Environment.MachineName, Environment.UserName, "child", "the child"), (error.Holder!.Process, error.Holder.Machine, error.Holder.User, error.Holder.Run, error.Holder.CommandLine));
            Assert.Contains("the graph 'graph' in the schema leat at", error.Message, StringComparison.Ordinal);

            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(Token) is { } line) printed = Math.Max(printed, int.Parse(line, CultureInfo.InvariantCulture));
            await child.WaitForExitAsync(Token);
            await using ILedgerSession session = await TakeOverAsync();
            Assert.InRange(printed, next, session.Latest.Count - 1);
            for (int i = 0; i < session.Latest.Count; i++) Assert.Equal((i, i % 700), (session.Latest[$"job {i}"].Attempts, session.Latest[$"job {i}"].State.Length));
            next = session.Latest.Count;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_that_was_frozen_and_taken_over_writes_nothing_more()
    {
        using Process child = Start("hold", lease: 1, 0);
        Assert.Equal("held", await child.StandardOutput.ReadLineAsync(Token));
        Signal(child, "STOP");
        ILedgerSession session = await TakeOverAsync();
        Signal(child, "CONT");
        child.StandardInput.Close();
        string? refusal = await child.StandardOutput.ReadLineAsync(Token);
        Assert.StartsWith($"LEAT0196: The ledger of the graph 'graph' in the schema leat at ", refusal, StringComparison.Ordinal);
        Assert.Contains($"was taken over by run test, process {Environment.ProcessId} of ", refusal, StringComparison.Ordinal);
        await child.WaitForExitAsync(Token);
        // Its end did not let go of what is not its own.
        await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync());
        await session.AppendAsync(Record("a", 1), Token);
        await session.DisposeAsync();
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(["a"], reader.Latest.Keys);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_keeps_its_lease_as_long_as_it_lives_also_beyond_a_restart()
    {
        await using ILedgerSession session = await OpenAsync(TimeSpan.FromSeconds(5));
        object first = Assert.Single(await server.SqlAsync("select until from leat.holders"));
        await server.StopAsync("immediate");
        await server.StartAsync();
        while (Assert.Single(await server.SqlAsync("select until from leat.ledger_leases")) is DateTime until && until <= (DateTime)first) await Task.Yield();
        await session.AppendAsync(Record("a", 1), Token);
        await Assert.ThrowsAsync<LedgerHeldException>(async () => await OpenAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_is_gone_for_good_is_told_and_one_that_is_back_later_is_used_again()
    {
        ILedgerSession session = await new PostgresLedger(Options() with { RetryFor = TimeSpan.FromSeconds(1) }).OpenAsync(new LedgerRun { Id = "test" }, Token);
        await session.AppendAsync(Record("a", 1), Token);
        await server.StopAsync("immediate");
        LeatException error = await Assert.ThrowsAsync<LeatException>(async () => await session.AppendAsync(Record("b", 1), Token));
        Assert.Equal("LEAT0192", error.Code);
        Assert.Contains("did not come back within", error.Message, StringComparison.Ordinal);
        Assert.Equal("LEAT0192", (await Assert.ThrowsAsync<LeatException>(async () => await session.AppendAsync(Record("b", 1), Token))).Code);
        await server.StartAsync();
        await session.AppendAsync(Record("c", 1), Token);
        await session.DisposeAsync();
        await using ILedgerReader reader = await Ledger().OpenForReadingAsync(Token);
        Assert.Equal(["a", "c"], reader.Latest.Keys.Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_is_not_there_at_the_start_is_told_at_once_and_without_the_password()
    {
        await server.StopAsync("immediate");
        var ledger = new PostgresLedger(Options() with { ConnectionString = $"{server.ConnectionString};Password=se'cret" });
        foreach (Func<Task> open in new Func<Task>[] { async () => await ledger.OpenAsync(new LedgerRun { Id = "test" }, Token), async () => await ledger.OpenForReadingAsync(Token) })
        {
            LeatException error = await Assert.ThrowsAsync<LeatException>(open);
            Assert.Equal("LEAT0192", error.Code);
            Assert.DoesNotContain("cret", error.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("come back", error.Message, StringComparison.Ordinal);
        }
    }

    private static void Signal(Process process, string signal) =>
        Process.Start(Require.Tool("kill"), [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    private static LedgerRecord Record(string job, int number) => new() { Job = job, Run = "test", Kind = LedgerKind.Succeeded, Started = DateTimeOffset.UnixEpoch, Attempts = number };

    private PostgresLedgerOptions Options() => new() { ConnectionString = server.ConnectionString, Graph = "graph" };

    private PostgresLedger Ledger() => new(Options());

    private async Task<ILedgerSession> OpenAsync(TimeSpan? lease = null) =>
        await new PostgresLedger(Options() with { Lease = lease ?? TimeSpan.FromSeconds(30) }).OpenAsync(new LedgerRun { Id = "test" }, Token);

    // As soon as the lease of the other one is over.
    private async Task<ILedgerSession> TakeOverAsync()
    {
        while (true)
        {
            try
            {
                return await OpenAsync();
            }
            catch (LedgerHeldException)
            {
                await Task.Yield();
            }
        }
    }

    private Process Start(string mode, int lease, int from) => Process.Start(new ProcessStartInfo(
        Dotnet.Host(),
        ["exec", Path.Combine(AppContext.BaseDirectory, "postgres-program.dll"), mode, server.ConnectionString, "graph", lease.ToString(CultureInfo.InvariantCulture), from.ToString(CultureInfo.InvariantCulture)])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
