using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Operators;

/// <summary>Several instances of a function over the whole stream share its items.</summary>
public sealed class OfSharedTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 5_000)];

    [Theory(Timeout = 60_000)]
    [InlineData(2, null, false)]
    [InlineData(8, null, false)]
    [InlineData(4, 1, false)]
    [InlineData(2, null, true)]
    [InlineData(8, null, true)]
    [InlineData(4, 1, true)]
    public async Task Every_item_is_seen_by_exactly_one(int workers, int? capacity, bool blocking)
    {
        for (int i = 0; i < Repeat.Times(5); i++)
        {
            Stage<int, int> stage = blocking
                ? Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item), workers)
                : Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Select(item => item), workers);
            List<int> results = await (Items | Stage.Map<int, int>(item => item) | stage.With(capacity: capacity)).ToListAsync();
            Assert.Equal(Items, results.Order());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_instance_gives_its_own_aggregate()
    {
        List<int> counts = await (Items | Stage.Of<int, int>(CountAsync, workers: 4)).ToListAsync();
        Assert.Equal(4, counts.Count);
        Assert.Equal(Items.Length, counts.Sum());

        static async IAsyncEnumerable<int> CountAsync(IAsyncEnumerable<int> items)
        {
            yield return await items.CountAsync();
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_one_that_stops_early_leaves_goes_to_the_others(bool blocking)
    {
        for (int i = 0; i < Repeat.Times(50); i++)
        {
            // Each takes up to half of the items, so together they must take all.
            Stage<int, int> stage = blocking
                ? Stage.Of<int, int>((IEnumerable<int> items) => items.Take(50), workers: 2)
                : Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Take(50), workers: 2);
            List<int> results = await (Enumerable.Range(0, 100).ToArray() | stage).ToListAsync();
            Assert.Equal(Enumerable.Range(0, 100), results.Order());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task What_a_stuck_one_holds_goes_to_its_neighbours()
    {
        ConcurrentBag<int> seen = [];
        var allButOne = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> StuckInSevenAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items)
            {
                seen.Add(item);
                if (seen.Count == 1_000) allButOne.TrySetResult();
                if (item == 500) await allButOne.Task;
                yield return item;
            }
        }

        List<int> results = await (Enumerable.Range(0, 1_000).ToArray() | Stage.Of<int, int>(StuckInSevenAsync, workers: 2)).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 1_000), results.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_fails_ends_all()
    {
        int failures = 0;
        async IAsyncEnumerable<int> OneFailsAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items)
            {
                if (item == 100 && Interlocked.Increment(ref failures) == 1) throw new TestFailureException("100");
                yield return item;
            }
        }

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
            await (Enumerable.Range(0, int.MaxValue) | Stage.Of<int, int>(OneFailsAsync, workers: 4)).CountAsync());
        Assert.Equal("100", Assert.Single(error.Failures).Exception.Message);
    }
}
