using System.Diagnostics;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools;

/// <summary>Several runs on one pool.</summary>
[Collection(AloneCollection.Name)]
public sealed class SharingTests(ITestOutputHelper output)
{
    [Theory(Timeout = 120_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task A_short_run_beside_a_long_one_takes_twice_its_time_alone(PoolKind kind)
    {
        await using Pool pool = PoolKinds.Create(kind);
        Stage<int, int> stage = Stage.Map<int, int>(Rest, workers: 4).On(pool);
        await (Enumerable.Range(0, 20) | stage).CountAsync();
        await using Flow longRun = Flow.Start(Enumerable.Range(0, 4_000) | stage | Sink.ForEach<int>(_ => { }));
        await Eventually.TrueAsync(() => longRun.Stats.Stages[1].In > 20, () => longRun.Stats.ToString());

        // 40 items of 5 ms on 2 workers: 100 ms alone, 200 ms beside another, which does as many meanwhile.
        long before = longRun.Stats.Stages[1].Out;
        long started = Stopwatch.GetTimestamp();
        await (Enumerable.Range(0, 40) | stage).CountAsync();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        long meanwhile = longRun.Stats.Stages[1].Out - before;

        output.WriteLine($"{kind}: {milliseconds:0} ms; the long run has done {meanwhile} meanwhile");
        Assert.InRange(meanwhile, 10, 100);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task No_more_items_are_at_work_than_the_pool_has_workers(PoolKind kind)
    {
        string counts = Directory.CreateTempSubdirectory("leat-test-").FullName;
        await using Pool pool = PoolKinds.Create(kind);
        Stage<int, int> stage = Stage.Map((int _) => CountPeers(counts), workers: 3).On(pool);

        int[][] peaks = await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => await (Enumerable.Range(0, 20) | stage).ToArrayAsync()));

        Directory.Delete(counts, recursive: true);
        Assert.Equal(2, peaks.SelectMany(each => each).Max());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task Stages_that_wait_for_each_other_share_a_single_worker(PoolKind kind)
    {
        await using Pool pool = PoolKinds.Create(kind, workers: 1);
        Stage<int, int> many = Stage.FlatMap((int item) => Enumerable.Range(0, 5_000)).With(capacity: 1).On(pool);
        Stage<int, int> plus = Stage.Map((int item) => item + 1).With(capacity: 1).On(pool);

        Assert.Equal(3 * 5_000, await (Enumerable.Range(0, 3) | many | plus | plus).CountAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task A_pool_can_grow_and_shrink_while_it_works(PoolKind kind)
    {
        await using Pool pool = PoolKinds.Create(kind, workers: 1);
        Stage<int, int> stage = Stage.Map<int, int>(Rest).With(ordered: false).On(pool);
        int count = 0;
        await foreach (int _ in Enumerable.Range(0, 600) | stage)
        {
            if (++count == 50) pool.Resize(4);
            if (count == 400) pool.Resize(2);
        }

        Assert.Equal(600, count);
        Assert.Equal(2, pool.Size);
        if (kind == PoolKind.Sockets) await Eventually.TrueAsync(() => pool.Stats().Workers == 2, () => pool.Stats().ToString());
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_slow_item_holds_back_none_of_its_neighbours()
    {
        await using Pool pool = Pool.Processes(2);
        Stage<int, int> stage = Stage.Map((int item) =>
        {
            Thread.Sleep(item == 100 ? 1_500 : 0);
            return item;
        }).With(ordered: false).On(pool);
        List<int> order = await (Enumerable.Range(0, 5_000) | stage).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 5_000), order.Order());
        Assert.Equal(100, order[^1]);
    }

    [Fact]
    public void A_pool_needs_a_worker()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Processes(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Threads(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Pool.Threads(1).Resize(0));
    }

    [Fact]
    public void A_stage_has_as_many_workers_as_its_pool_unless_told()
    {
        Pool pool = Pool.Threads(3);
        Stage<int, int> stage = Stage.Map((int item) => item);

        Assert.Equal(3, stage.On(pool).Options.Workers);
        Assert.Equal(1, stage.On(pool).With(workers: 1).Options.Workers);
        Assert.Equal(7, Stage.Map((int item) => item, workers: 7).On(pool).Options.Workers);
        Assert.Equal(1, Stage.Fold(0, (int total, int item) => total + item).On(pool).Options.Workers);
    }

    private static int Rest(int item)
    {
        Thread.Sleep(5);
        return item;
    }

    // Each leaves a file while it is at work, which those in other processes see too.
    private static int CountPeers(string folder)
    {
        string own = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(own, "");
        Thread.Sleep(5);
        int peers = Directory.GetFiles(folder).Length;
        File.Delete(own);
        return peers;
    }
}
