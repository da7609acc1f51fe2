namespace Leat.Tests.Streams.Operators;

public sealed class BatchTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(10, 3)]
    [InlineData(10, 1)]
    [InlineData(10, 100)]
    [InlineData(5_000, 1_025)]
    public async Task Items_are_put_together_and_the_last_batch_may_be_shorter(int count, int size)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        Assert.Equal(items.Chunk(size), await (items | Stage.Batch<int>(size)).ToListAsync());
        Assert.Equal(items.Chunk(size), await (items | Stage.Batch<int>(size).With(capacity: 1)).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_run_starts_with_an_empty_batch()
    {
        Pipe<int[]> pipe = Enumerable.Range(0, 4) | Stage.Batch<int>(3);
        Assert.Equal([[0, 1, 2], [3]], await pipe.ToListAsync());
        Assert.Equal([[0, 1, 2], [3]], await pipe.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task What_came_before_a_failure_is_not_lost_at_the_ragged_end()
    {
        List<int[]> batches = [];
        await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            Stage<int, int> fails = Stage.Map<int, int>(item => item == 5 ? throw new TestFailureException("5") : item);
            await foreach (int[] batch in Enumerable.Range(0, 10) | fails | Stage.Batch<int>(3)) batches.Add(batch);
        });
        Assert.Equal([[0, 1, 2], [3, 4]], batches);
    }
}
