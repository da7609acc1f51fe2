using System.Diagnostics;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;
using Leat.Tests.Streams.Programs;

namespace Leat.Tests.Pools;

/// <summary>What one run does to its workers, the others on the same pool don't feel.</summary>
[Collection(AloneCollection.Name)]
public sealed class NeighboursTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_run_ends_and_is_cancelled_without_waiting_for_the_items_of_another()
    {
        await using Pool pool = Pool.Processes(1);
        await using Flow slow = Flow.Start(new[] { 5_000 } | Stage.Map<int, int>(Sleep).On(pool) | Sink.ForEach<int>(_ => { }));
        using var cancellation = new CancellationTokenSource();
        Stage<int, int> quick = Stage.Map<int, int>(Sleep).On(pool);
        await Eventually.TrueAsync(() => pool.Stats().Busy == 1, () => pool.Stats().ToString());

        ValueTask<int> other = (new[] { 0, 0, 0 } | quick).CountAsync(cancellation.Token);
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await other);

        Assert.False(slow.Completion.IsCompleted, "It was waited for.");
        await slow.Completion;
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_smaller_pool_keeps_the_worker_that_has_a_state()
    {
        await using Pool pool = Pool.Processes(2);
        Assert.Equal(40, await (Enumerable.Repeat(1, 40) | Stage.Map<int, int>(Sleep).On(pool)).CountAsync());
        Task<int> sum = (FedSlowly() | Stage.Fold(0, (int total, int item) => total + item).On(pool)).ExecuteAsync().AsTask();
        await Eventually.TrueAsync(() => pool.Stats().Items > 42, () => pool.Stats().ToString());

        pool.Resize(1);

        Assert.Equal(45, await sum);
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slow_body_with_many_results_is_held_back_when_nobody_takes_them()
    {
        string made = Path.GetTempFileName();
        await using Pool pool = Pool.Processes(1);
        await using IAsyncEnumerator<int> results = (new[] { 0 } | Stage.FlatMap((int _) => TellAsync(made)).With(capacity: 4).On(pool)).GetAsyncEnumerator();
        for (int i = 0; i < 3; i++) Assert.True(await results.MoveNextAsync());

        long before = -1;
        await Eventually.TrueAsync(
            () =>
            {
                long now = new FileInfo(made).Length;
                bool stands = now == before;
                before = now;
                Thread.Sleep(100);
                return stands;
            },
            () => $"The body goes on and has made {before} results.");

        Assert.InRange(before, 3, 5_000);
        File.Delete(made);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_body_started_ends_with_its_worker()
    {
        string seconds = Processes.UniqueSeconds();
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> stage = Stage.Map((int item) =>
        {
            Process.Start("sleep", seconds);
            Environment.Exit(1);
            return item;
        }).With(onError: OnError.Skip).On(pool);

        Assert.Empty(await (new[] { 1 } | stage).ToListAsync());

        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task Making_a_state_takes_none_of_an_items_time()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> stage = Stage.Map(() => Sleep(700), (int _, int item) => item).With(timeout: TimeSpan.FromMilliseconds(300)).On(pool);

        Assert.Equal([1, 2], await (new[] { 1, 2 } | stage).ToListAsync());
        Assert.Equal([1, 2], await (new[] { 1, 2 } | stage.With(timeout: TimeSpan.MaxValue)).ToListAsync());
    }

    private static int Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return milliseconds;
    }

    private static async IAsyncEnumerable<int> FedSlowly()
    {
        for (int i = 0; i < 10; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System, CancellationToken.None);
            yield return i;
        }
    }

    // A byte for each result, and a moment, so that none of them makes a part that is full.
    private static async IAsyncEnumerable<int> TellAsync(string path)
    {
        for (int i = 0; ; i++)
        {
            await File.AppendAllTextAsync(path, ".");
            yield return i;
        }
    }
}
