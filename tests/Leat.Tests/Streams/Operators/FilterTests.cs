namespace Leat.Tests.Streams.Operators;

public sealed class FilterTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 1_000)];

    public static TheoryData<Stage<int, int>> AllForms { get; } = new(
        Stage.Filter<int>(item => item % 3 == 0),
        Stage.Filter<int>(async Task<bool> (item) => await LaterAsync(item)),
        Stage.Filter<int>(async Task<bool> (item, token) => await LaterAsync(item)),
        Stage.Filter<int>(item => LaterAsync(item)),
        Stage.Filter<int>((item, token) => LaterAsync(item)));

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task Every_form_of_predicate_lets_through_what_it_holds_for(Stage<int, int> stage)
    {
        IEnumerable<int> expected = Items.Where(item => item % 3 == 0);
        Assert.Equal(expected, await (Items | stage).ToListAsync());
        Assert.Equal(expected, await (Items | stage.With(workers: 5)).ToListAsync());
        Assert.Equal(expected, (await (Items | stage.With(workers: 5, ordered: false)).ToListAsync()).Order());
        Assert.Equal(expected, await (Items | stage.With(workers: 3, capacity: 1, batch: 1)).ToListAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_filter_that_drops_everything_lets_the_run_end(int workers) =>
        Assert.Empty(await (Enumerable.Range(0, 100_000) | Stage.Filter<int>(_ => false, workers).With(capacity: 1)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task One_that_is_kept_in_a_hundred_thousand_is_found() =>
        Assert.Equal([77_777], await (Enumerable.Range(0, 100_000) | Stage.Filter<int>(item => item == 77_777, workers: 3)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Distinct_lets_every_item_through_the_first_time()
    {
        int[] items = [.. Items.Select(item => item * item % 17)];
        Assert.Equal(items.Distinct(), await (items | Stage.Distinct<int>()).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Distinct_takes_a_comparer() => Assert.Equal(
        ["a", "B"],
        await (new[] { "a", "A", "B", "b", "a" } | Stage.Distinct(StringComparer.OrdinalIgnoreCase)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Distinct_forgets_between_runs()
    {
        Pipe<int> pipe = new[] { 1, 1, 2 } | Stage.Distinct<int>();
        Assert.Equal([1, 2], await pipe.ToListAsync());
        Assert.Equal([1, 2], await pipe.ToListAsync());
    }

    private static async ValueTask<bool> LaterAsync(int item)
    {
        if (item % 7 == 0) await Task.Yield();
        return item % 3 == 0;
    }
}
