namespace Leat.Tests.Streams.Runtime;

/// <summary>Results leave in the order of their items, however long each takes; or as they are ready, when told so.</summary>
public sealed class OrderTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(2, null, null)]
    [InlineData(8, null, null)]
    [InlineData(8, 1, 1)]
    [InlineData(5, 3, 7)]
    public async Task Wildly_different_bodies_leave_in_order(int workers, int? capacity, int? batch)
    {
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            var random = new Random(round);
            int[] effort = [.. Enumerable.Range(0, 3_000).Select(_ => random.Next(100) switch { 0 => 20_000, < 5 => 2_000, < 30 => 100, _ => 0 })];
            Stage<int, int> stage = Stage.Map<int, int>(
                async Task<int> (item) =>
                {
                    if (item % 17 == 0) await Task.Yield();
                    Thread.SpinWait(effort[item]);
                    return item;
                },
                workers).With(capacity: capacity, batch: batch);
            Assert.Equal(Enumerable.Range(0, effort.Length), await (Enumerable.Range(0, effort.Length) | stage).ToListAsync());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task An_item_that_takes_longest_holds_back_only_those_behind_it()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int done = 0;
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (item == 5) await first.Task;
                Interlocked.Increment(ref done);
                return item;
            },
            workers: 3).With(capacity: 20);
        List<int> results = [];
        await using Flow flow = Flow.Start(Enumerable.Range(0, 100) | stage | Sink.ForEach<int>(results.Add));
        // Twenty that are done may wait behind it.
        await Eventually.TrueAsync(() => results.Count == 5 && Volatile.Read(ref done) >= 5 + 20, () => $"{results.Count} delivered, {done} done");
        Assert.Equal([0, 1, 2, 3, 4], results);
        first.SetResult();
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(Enumerable.Range(0, 100), results);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(500, true)]
    [InlineData(500, false)]
    public async Task Where_no_capacity_is_chosen_the_others_are_kept_at_work_behind_it(int slow, bool blocking)
    {
        using var first = new ManualResetEventSlim();
        int done = 0;
        int delivered = 0;
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (item == slow && blocking) first.Wait();
                while (item == slow && !first.IsSet) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                Interlocked.Increment(ref done);
                return item;
            },
            workers: 3);
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10_000) | stage | Sink.ForEach<int>(_ => delivered++));
        try
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref done) >= slow + 3_000 && Volatile.Read(ref delivered) >= slow, () => $"{delivered} delivered, {done} done");
            Assert.Equal(slow, delivered);
        }
        finally
        {
            first.Set();
        }
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(10_000, delivered);
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_one_of_those_who_take_is_busy_the_others_count()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int done = 0;
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (item == 500) await first.Task;
                Interlocked.Increment(ref done);
                return item;
            },
            workers: 3);
        Stage<int, int> next = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                // The last one that it gets before the gap.
                if (item == 499) await first.Task;
                return item;
            },
            workers: 3);
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10_000) | stage | next | Sink.ForEach<int>(_ => { }));
        await Eventually.TrueAsync(() => Volatile.Read(ref done) >= 3_500, () => $"{done} done");
        first.SetResult();
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(10_000, done);
    }

    [Fact(Timeout = 30_000)]
    public async Task Unordered_results_overtake_one_that_takes_longest()
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (item == 0) await first.Task;
                return item;
            },
            workers: 2).With(ordered: false);
        List<int> results = [];
        await foreach (int item in Enumerable.Range(0, 100) | stage)
        {
            results.Add(item);
            if (results.Count == 99) first.SetResult();
        }
        Assert.Equal(0, results[^1]);
        Assert.Equal(Enumerable.Range(0, 100), results.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task One_worker_keeps_the_order_either_way() => Assert.Equal(
        Enumerable.Range(0, 1_000),
        await (Enumerable.Range(0, 1_000) | Stage.Map<int, int>(item => item).With(ordered: false)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task An_item_that_blocks_gives_its_neighbours_behind_it_to_the_other_workers()
    {
        // With batches of ten the item that blocks has nine behind it, which only another worker can do.
        using var release = new ManualResetEventSlim();
        int done = 0;
        Stage<int, int> stage = Stage.Map<int, int>(
            item =>
            {
                if (item == 0) release.Wait();
                if (Interlocked.Increment(ref done) == 99) release.Set();
                return item;
            },
            workers: 2).With(batch: 10, capacity: 100);
        Assert.Equal(Enumerable.Range(0, 100), await (Enumerable.Range(0, 100).ToArray() | stage).ToListAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Items_that_are_handed_to_neighbours_again_and_again_are_done_once_each(bool ordered)
    {
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            int called = 0;
            // Bodies of a few milliseconds now and then, in large claims: the pulse takes the rest of claims all the time.
            Stage<int, int> stage = Stage.FlatMap<int, int>(
                item =>
                {
                    Interlocked.Increment(ref called);
                    if (item % 40 == 0) SpinFor(TimeSpan.FromMilliseconds(5));
                    return item % 3 == 0 ? [] : [item, item];
                },
                workers: 4).With(batch: 50, capacity: 60, ordered: ordered);
            List<int> results = await (Enumerable.Range(0, 4_000).ToArray() | stage).ToListAsync();
            IEnumerable<int> expected = Enumerable.Range(0, 4_000).Where(item => item % 3 != 0).SelectMany(item => new[] { item, item });
            Assert.Equal(expected, ordered ? results : results.Order());
            Assert.Equal(4_000, called);
        }
    }

    private static void SpinFor(TimeSpan time)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < time) Thread.SpinWait(50);
    }
}
