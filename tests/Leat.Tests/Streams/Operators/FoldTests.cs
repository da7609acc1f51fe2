namespace Leat.Tests.Streams.Operators;

public sealed class FoldTests
{
    [Fact(Timeout = 30_000)]
    public async Task All_items_are_put_together_in_their_order() => Assert.Equal(
        "abcdefghij",
        await (Enumerable.Range('a', 10) | Stage.Map<int, int>(item => item, workers: 3) | Stage.Fold<int, string>("", (text, item) => text + (char)item)).ExecuteAsync());

    [Fact(Timeout = 30_000)]
    public async Task An_empty_stream_gives_the_seed() =>
        Assert.Equal([42], await (Array.Empty<int>() | Stage.Fold<int, int>(42, (sum, item) => sum + item)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task A_seed_made_anew_makes_runs_independent()
    {
        Pipe<List<int>> pipe = Enumerable.Range(0, 5) | Stage.Fold<int, List<int>>(() => [], (list, item) => [.. list, item]);
        Assert.Equal([0, 1, 2, 3, 4], await pipe.ExecuteAsync());
        Assert.Equal([0, 1, 2, 3, 4], await pipe.ExecuteAsync());

        int seeds = 0;
        Pipe<List<int>> mutating = Enumerable.Range(0, 5) | Stage.Fold<int, List<int>>(
            () =>
            {
                seeds++;
                return [];
            },
            (list, item) =>
            {
                list.Add(item);
                return list;
            });
        Assert.Equal([0, 1, 2, 3, 4], await mutating.ExecuteAsync());
        Assert.Equal([0, 1, 2, 3, 4], await mutating.ExecuteAsync());
        Assert.Equal(2, seeds);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_million_items_are_folded() =>
        Assert.Equal(499_999_500_000L, await (Enumerable.Range(0, 1_000_000) | Stage.Fold<int, long>(0L, (sum, item) => sum + item)).ExecuteAsync());

    [Fact(Timeout = 30_000)]
    public async Task A_step_that_throws_ends_the_run_without_a_result()
    {
        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int sum in Enumerable.Range(0, 10) | Stage.Fold<int, int>(0, (sum, item) => item == 7 ? throw new TestFailureException("7") : sum + item)) results.Add(sum);
        });
        Assert.Empty(results);
        Assert.Equal(7, error.Failures[0].Number);
        Assert.Equal(7, error.Failures[0].Item);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_item_that_is_skipped_is_left_out_of_the_result() => Assert.Equal(
        45 - 7,
        await (Enumerable.Range(0, 10) | Stage.Fold<int, int>(0, (sum, item) => item == 7 ? throw new TestFailureException("7") : sum + item).With(onError: OnError.Skip)).ExecuteAsync());

    [Fact(Timeout = 30_000)]
    public async Task A_step_is_tried_again_on_the_state_before_it()
    {
        int attempts = 0;
        Stage<int, int> stage = Stage.Fold<int, int>(0, (sum, item) => item == 7 && ++attempts < 3 ? throw new TestFailureException("7") : sum + item);
        Assert.Equal(45, await (Enumerable.Range(0, 10) | stage.With(onError: OnError.Retry(2))).ExecuteAsync());
    }
}
