namespace Leat.Tests.Streams.Operators;

public sealed class MapTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 100)];

    public static TheoryData<Stage<int, int>> AllForms { get; } = new(
        Stage.Map<int, int>(item => item * 2),
        Stage.Map<int, int>((int item, CancellationToken _) => item * 2),
        Stage.Map<int, int>(async Task<int> (item) => await LaterAsync(item)),
        Stage.Map<int, int>(async Task<int> (item, token) => await LaterAsync(item)),
        Stage.Map<int, int>(item => LaterAsync(item)),
        Stage.Map<int, int>((item, token) => LaterAsync(item)),
        Stage.Map<string, int, int>(() => "state", (_, item) => item * 2),
        Stage.Map<string, int, int>(() => "state", async (_, item, token) => await LaterAsync(item)));

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task Every_form_of_body_gives_one_result_for_every_item(Stage<int, int> stage)
    {
        Assert.Equal(Items.Select(item => item * 2), await (Items | stage).ToListAsync());
        Assert.Equal(Items.Select(item => item * 2), await (Items | stage.With(workers: 8)).ToListAsync());
        Assert.Equal(Items.Select(item => item * 2), (await (Items | stage.With(workers: 8, ordered: false)).ToListAsync()).Order());
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task An_empty_stream_gives_nothing(Stage<int, int> stage) =>
        Assert.Empty(await (Array.Empty<int>() | stage.With(workers: 3)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task The_workers_work_at_the_same_time()
    {
        using var together = new Barrier(5);
        Stage<int, bool> blocking = Stage.Map<int, bool>(_ => together.SignalAndWait(TimeSpan.FromSeconds(20)), workers: 5);
        Assert.All(await (Enumerable.Range(0, 10) | blocking).ToListAsync(), Assert.True);

        int arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stage<int, int> asynchronous = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (Interlocked.Increment(ref arrived) == 5) all.SetResult();
                await all.Task;
                return item;
            },
            workers: 5);
        Assert.Equal(10, await (Enumerable.Range(0, 10) | asynchronous).CountAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_bodies_than_workers_are_at_work(int workers)
    {
        int inside = 0;
        int most = 0;
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                return item;
            },
            workers);
        await (Enumerable.Range(0, 2_000) | stage).CountAsync();
        Assert.InRange(most, 1, workers);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_bodies_see_the_callers_execution_context()
    {
        var local = new AsyncLocal<string> { Value = "caller" };
        Stage<int, string?> stage = Stage.Map<int, string?>(
            async Task<string?> (_) =>
            {
                await Task.Yield();
                return local.Value;
            },
            workers: 3);
        Assert.All(await (Enumerable.Range(0, 50) | stage).ToListAsync(), value => Assert.Equal("caller", value));
    }

    [Fact(Timeout = 30_000)]
    public async Task Null_items_and_null_results_go_through() => Assert.Equal(
        [null, "a", null],
        await (new[] { null, "a", null } | Stage.Map<string?, string?>(item => item, workers: 2)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Large_structs_go_through()
    {
        Int128[][] expected = [.. Enumerable.Range(0, 1_000).Select(i => Enumerable.Repeat((Int128)i, 3).ToArray())];
        List<Large> results = await (Enumerable.Range(0, 1_000) | Stage.Map<int, Large>(i => new Large(i, i, i), workers: 3)).ToListAsync();
        Assert.Equal(expected, results.Select(large => new[] { large.One, large.Two, large.Three }));
    }

    private static async ValueTask<int> LaterAsync(int item)
    {
        if (item % 3 == 0) await Task.Yield();
        return item * 2;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen && Interlocked.CompareExchange(ref target, value, seen) is int now && now != seen) seen = now;
    }

    // Larger than what a batch of the usual size may hold.
    private readonly record struct Large(Int128 One, Int128 Two, Int128 Three)
    {
        public Padding Rest { get; init; }
    }

    [System.Runtime.CompilerServices.InlineArray(200)]
    private struct Padding
    {
        private long element;
    }
}
