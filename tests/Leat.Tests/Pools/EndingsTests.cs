using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;
using Leat.Tests.Streams.Programs;

namespace Leat.Tests.Pools;

/// <summary>However a run, a pool or the program ends, nothing of the workers is left.</summary>
[Collection(AloneCollection.Name)]
public sealed class EndingsTests : IDisposable
{
    // Their own, as other programs may have sockets too; and with a path that is short enough for one.
    private readonly DirectoryInfo sockets = Directory.CreateDirectory($"/tmp/leat-ends-{Guid.NewGuid().ToString("N")[..12]}");
    private readonly string? before = Environment.GetEnvironmentVariable("TMPDIR");

    private readonly FileSystemWatcher watcher;
    private int made;

    public EndingsTests()
    {
        Environment.SetEnvironmentVariable("TMPDIR", sockets.FullName);
        watcher = new FileSystemWatcher(sockets.FullName, "leat-*");
        watcher.Created += (_, _) => Interlocked.Increment(ref made);
        watcher.EnableRaisingEvents = true;
    }

    private string[] Leftovers => Directory.GetFileSystemEntries(sockets.FullName, "leat-*");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("TMPDIR", before);
        watcher.Dispose();
        sockets.Delete(recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_disposed_pool_leaves_no_process_and_no_socket()
    {
        Pool pool = Pool.Processes(3);
        Assert.Equal(20, await (Enumerable.Range(0, 20) | Stage.Map((int size) => new byte[size * 100_000]).On(pool)).CountAsync());
        await Eventually.TrueAsync(() => Volatile.Read(ref made) > 0, () => "Its sockets are not where they are looked for.");

        await pool.DisposeAsync();

        Assert.Empty(Children.Of(Environment.ProcessId));
        Assert.Empty(Leftovers);
    }

    [Fact(Timeout = 60_000)]
    public async Task Workers_end_when_the_program_is_killed_and_take_what_they_started_with_them()
    {
        string seconds = Processes.UniqueSeconds();
        await using (Pool outer = Pool.Processes(1))
        {
            // The worker of the outer pool plays the program: it has a pool of its own, whose workers start a program each.
            List<(int Program, int Worker)> ids = [];
            await using IAsyncEnumerator<(int, int)> results = (new[] { 0 } | Stage.FlatMap<int, (int, int)>(_ => StartInnerAsync(seconds)).On(outer)).GetAsyncEnumerator();
            while (ids.Count < 2 && await results.MoveNextAsync()) ids.Add(results.Current);

            Assert.Equal(2, ids.Select(each => each.Worker).Distinct().Count());
            Assert.All(ids, each => Assert.True(Processes.Runs(each.Worker)));
            Assert.Equal(2, Processes.With(seconds).Count);
            await Eventually.TrueAsync(() => Volatile.Read(ref made) > 1, () => "The sockets are not where they are looked for.");
            Children.Kill(ids[0].Program);
            await Eventually.TrueAsync(() => !ids.Exists(each => Processes.Runs(each.Worker)), () => "The workers of a killed program still run.", seconds: 30);
        }

        await Processes.AreGoneAsync(seconds);
        Assert.Empty(Leftovers);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_run_ends_a_body_that_does_not_listen()
    {
        await using Pool pool = Pool.Processes(2);
        using var cancellation = new CancellationTokenSource();
        List<int> seen = [];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int item in (Enumerable.Range(0, 100) | Stage.Map<int, int>(HangFromTen).On(pool)).WithCancellation(cancellation.Token))
            {
                seen.Add(item);
                if (item > 0) continue;

                // How many more come is open: a handful that hangs may overtake one before it.
                await Eventually.TrueAsync(() => pool.Stats() is { Items: >= 3, Busy: 2 }, () => pool.Stats().ToString());
                await cancellation.CancelAsync();
            }
        });

        Assert.Equal(Enumerable.Range(0, seen.Count), seen);
        await Eventually.TrueAsync(() => pool.Stats().Busy == 0, () => pool.Stats().ToString());
        Assert.Equal([1, 2], await (new[] { 1, 2 } | Stage.Map<int, int>(HangFromTen).On(pool)).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_listens_to_its_token_keeps_its_worker()
    {
        await using Pool pool = Pool.Processes(1);
        int[] first = await (Enumerable.Range(0, 100) | Stage.Map<int, int>(ListenAsync).On(pool)).Take(3).ToArrayAsync();

        Assert.Equal([0, 1, 2], first);
        Assert.Equal((1, 0), (pool.Stats().Workers, pool.Stats().Lost));
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_without_end_stop_when_nobody_wants_more()
    {
        await using Pool pool = Pool.Processes(1);

        int[] results = await (Enumerable.Range(0, 3) | Stage.FlatMap<int, int>(Endless).On(pool)).Take(50_000).ToArrayAsync();

        Assert.Equal(Enumerable.Range(0, 50_000), results);
        await Eventually.TrueAsync(() => pool.Stats().Busy == 0, () => pool.Stats().ToString());
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pool_that_is_disposed_fails_the_runs_that_use_it()
    {
        Pool pool = Pool.Processes(1);
        await using Flow flow = Flow.Start(Enumerable.Range(0, 100) | Stage.Map<int, int>(HangFromTen).On(pool) | Sink.ForEach<int>(_ => { }));
        await Eventually.TrueAsync(() => pool.Stats() is { Items: >= 3, Busy: 1 }, () => pool.Stats().ToString());

        await pool.DisposeAsync();

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => flow.Completion);
        Assert.Contains("LEAT0067", error.Failures[0].Exception.Message, StringComparison.Ordinal);
    }

    private static int HangFromTen(int item)
    {
        if (item >= 10) Thread.Sleep(Timeout.Infinite);
        return item;
    }

    private static async Task<int> ListenAsync(int item, CancellationToken cancellationToken)
    {
        if (item >= 3) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return item;
    }

    private static IEnumerable<int> Endless(int item)
    {
        for (int i = 0; ; i++) yield return i;
    }

    private static async IAsyncEnumerable<(int Program, int Worker)> StartInnerAsync(string seconds)
    {
        await using Pool inner = Pool.Processes(2);
        Stage<int, int> start = Stage.Map((int _) =>
        {
            System.Diagnostics.Process.Start("sleep", seconds);
            Thread.Sleep(200);
            return Environment.ProcessId;
        }).On(inner);
        await foreach (int worker in new[] { 1, 2 } | start) yield return (Environment.ProcessId, worker);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
