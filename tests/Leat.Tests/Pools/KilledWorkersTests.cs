using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools;

/// <summary>Workers are killed at random, and nobody notices but by the time it takes.</summary>
[Collection(AloneCollection.Name)]
public sealed class KilledWorkersTests(ITestOutputHelper output)
{
    [Fact(Timeout = 300_000)]
    public async Task Every_result_comes_exactly_once_and_in_order_while_workers_are_killed()
    {
        int items = 100_000 * Repeat.Times(1);
        await using Pool pool = Pool.Processes(2);
        using var end = new CancellationTokenSource();
        Task<int> killing = KillAsync(end.Token);
        int count = 0;
        await foreach (int result in Enumerable.Range(0, items) | Stage.Map((int item) => Spin(item) * 2).On(pool))
        {
            Assert.Equal(2 * count++, result);
        }

        await end.CancelAsync();
        Assert.Equal(items, count);
        output.WriteLine($"{items} items, {await killing} workers killed, {pool.Stats()}");
    }

    // One of them every 200 ms.
    private static async Task<int> KillAsync(CancellationToken end)
    {
        var random = new Random(1);
        int killed = 0;
        while (!end.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            List<int> workers = Children.Of(Environment.ProcessId);
            if (workers.Count == 0) continue;
            Children.Kill(workers[random.Next(workers.Count)]);
            killed++;
        }
        return killed;
    }

    private static int Spin(int item)
    {
        Thread.SpinWait(100);
        return item;
    }
}
