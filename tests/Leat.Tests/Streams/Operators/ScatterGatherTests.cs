namespace Leat.Tests.Streams.Operators;

public sealed class ScatterGatherTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 200)];

    private static readonly Stage<int, Part<int>> Scatter = Stage.Scatter<int, int>(Split);

    [Theory(Timeout = 30_000)]
    [InlineData(1, true, null)]
    [InlineData(4, true, null)]
    [InlineData(4, true, 1)]
    [InlineData(8, false, null)]
    [InlineData(8, false, 1)]
    public async Task Parts_come_together_in_their_order_and_items_leave_in_theirs(int workers, bool ordered, int? capacity)
    {
        Stage<int, int> between = Stage.Map<int, int>(
            async Task<int> (part) =>
            {
                if (part % 3 == 0) await Task.Yield();
                return part + 1;
            },
            workers).With(ordered: ordered, capacity: capacity);
        Assert.Equal(
            Items.Select(item => Split(item).Select(part => part + 1).ToArray()),
            await (Items | Scatter | between | Stage.Gather<int>()).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Nothing_need_stand_between() =>
        Assert.Equal(Items.Select(item => Split(item).ToArray()), await (Items | Scatter | Stage.Gather<int>()).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task An_item_may_have_no_parts_one_or_many() => Assert.Equal(
        [[], [1], [.. Enumerable.Repeat(100_000, 100_000)], []],
        await (new[] { 0, 1, 100_000, 0 } | Stage.Scatter<int, int>(n => Enumerable.Repeat(n, n)) | Stage.Map<int, int>(n => n, workers: 4) | Stage.Gather<int>()).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Many_stages_may_stand_between_each_with_its_own_workers()
    {
        Stage<int, int> stage = Scatter
            | Stage.Map<int, int>(part => part + 1, workers: 3).With(ordered: false)
            | Stage.Tap<int>(_ => { }, workers: 2)
            | Stage.Map<int, int>(async Task<int> (part, _) => await Task.FromResult(part * 2), workers: 5).With(ordered: false, batch: 1)
            | Stage.Gather<int, int>(parts => parts.Sum());
        Assert.Equal(Items.Select(item => Split(item).Sum(part => (part + 1) * 2)), await (Items | stage).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_filter_and_a_flat_map_may_stand_between()
    {
        Stage<int, int[]> stage = Scatter
            | Stage.Filter<int>(part => part % 3 != 0, workers: 4).With(ordered: false)
            | Stage.FlatMap<int, int>(part => [part, -part], workers: 4).With(ordered: false)
            | Stage.Gather<int>();
        Assert.Equal(
            Items.Select(item => Split(item).Where(part => part % 3 != 0).SelectMany(part => new[] { part, -part }).ToArray()),
            await (Items | stage).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stage_with_a_state_for_each_worker_may_stand_between()
    {
        Stage<int, int> stage = Scatter | Stage.Map<string, int, int>(() => "state", (_, part) => part, workers: 3) | Stage.Gather<int, int>(parts => parts.Count);
        Assert.Equal(Items.Select(item => Split(item).Count()), await (Items | stage).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Composed_stages_may_stand_between()
    {
        Stage<int, int> two = Stage.Map<int, int>(part => part + 1) | Stage.Map<int, int>(part => part * 2, workers: 2);
        Assert.Equal(
            Items.Select(item => Split(item).Select(part => (part + 1) * 2).ToArray()),
            await (Items | Scatter | two | Stage.Gather<int>()).ToListAsync());
        Assert.Equal(
            Items.Select(item => Split(item).Select(part => (part + 1) * 2).ToArray()),
            await (Items | (Scatter | two | Stage.Gather<int>())).ToListAsync());
    }

    [Fact]
    public void A_stage_that_sees_the_whole_stream_is_refused_where_it_is_declared()
    {
        Stage<int, int>[] refused =
        [
            Stage.Fold<int, int>(0, (sum, part) => sum + part),
            Stage.Distinct<int>(),
            Stage.Take<int>(3),
            Stage.Of<int, int>((IAsyncEnumerable<int> items) => items),
            Stage.Of<int, int>((IEnumerable<int> items) => items),
            Stage.Map<int, int>(part => part) | Stage.Take<int>(1),
        ];
        foreach (Stage<int, int> stage in refused)
        {
            Assert.Contains("LEAT0006", Assert.Throws<InvalidOperationException>(() => Scatter | stage).Message, StringComparison.Ordinal);
            Assert.Contains("LEAT0006", Assert.Throws<InvalidOperationException>(() => (Items | Scatter) | stage).Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_run_gathers_anew()
    {
        Pipe<int[]> pipe = new[] { 2, 3 } | Stage.Scatter<int, int>(n => Enumerable.Range(0, n)) | Stage.Map<int, int>(n => n, workers: 2) | Stage.Gather<int>();
        Assert.Equal([[0, 1], [0, 1, 2]], await pipe.ToListAsync());
        Assert.Equal([[0, 1], [0, 1, 2]], await pipe.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_taken_number_of_items_is_enough_of_an_endless_stream() => Assert.Equal(
        Enumerable.Range(0, 10).Select(item => Split(item).ToArray()),
        await (Enumerable.Range(0, int.MaxValue) | Scatter | Stage.Map<int, int>(part => part, workers: 4) | Stage.Gather<int>() | Stage.Take<int[]>(10)).ToListAsync());

    private static IEnumerable<int> Split(int item) => Enumerable.Range(item * 10, item % 6);
}
