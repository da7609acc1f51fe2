using System.Diagnostics;
using Leat.Storage;

namespace Leat.Postgres.Tests;

/// <summary>What it costs, told with <c>-showLiveOutput</c>. On a server whose disk is waited for: <c>LEAT_POSTGRES</c>, if it is set.</summary>
public sealed class SpeedTests
{
    private readonly ITestOutputHelper output;
    private readonly PostgresLedgerOptions options;

    public SpeedTests(PostgresServer server, ITestOutputHelper output)
    {
        server.Need();
        this.output = output;
        string connection = Environment.GetEnvironmentVariable(PostgresLedgerOptions.Variable) ?? server.ConnectionString;
        options = new PostgresLedgerOptions { ConnectionString = connection, Graph = FormattableString.Invariant($"speed {Environment.ProcessId}") };
    }

    [Fact(Timeout = 120_000)]
    public async Task A_hundred_thousand_records_are_appended_and_loaded_fast()
    {
        byte[] state = new byte[300];
        new Random(3).NextBytes(state);
        TimeSpan together, alone;
        const int Alone = 500;
        await using (ILedgerSession session = await OpenAsync())
        {
            long start = Stopwatch.GetTimestamp();
            Task last = Task.CompletedTask;
            for (int i = 0; i < 100_000; i++) last = session.AppendAsync(Record(i, state), TestContext.Current.CancellationToken).AsTask();
            await last;
            together = Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Alone; i++) await session.AppendAsync(Record(i, state), TestContext.Current.CancellationToken);
            alone = Stopwatch.GetElapsedTime(start);
        }
        List<double> times = [];
        for (int i = 0; i < 4; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await using ILedgerSession session = await OpenAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(100_000, session.Good.Count);
            Assert.Equal(state, session.Good["results/sample77777.bam"].State.ToArray());
        }
        output.WriteLine($"together: {100_000 / together.TotalSeconds:F0} records/s; one at a time: {alone.TotalMilliseconds / Alone:F2} ms; opening with 100,000 jobs: {times[0]:F0} ms, best {times.Min():F0} ms");
        Assert.True(times.Min() < 10_000, $"Opening took {times.Min()} ms.");
    }

    private static LedgerRecord Record(int number, byte[] state) => new()
    {
        Job = FormattableString.Invariant($"results/sample{number}.bam"),
        Run = "1",
        Kind = LedgerKind.Succeeded,
        Started = DateTimeOffset.UnixEpoch,
        Machine = "node1",
        State = state,
    };

    private async Task<ILedgerSession> OpenAsync() => await new PostgresLedger(options).OpenAsync(new LedgerRun { Id = "1" }, TestContext.Current.CancellationToken);
}
