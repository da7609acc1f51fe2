namespace Leat.Tests.Pools;

/// <summary>Functions over the whole stream that run in a worker process.</summary>
public sealed class WholeStreamTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 1_000)];

    public static TheoryData<Stage<int, int>> AllForms { get; } = new(
        Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Select(item => item * 2)),
        Stage.Of<int, int>((items, token) => items.Select(item => item * 2)),
        Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item * 2)),
        Stage.Of<int, int>((IEnumerable<int> items) => [.. items.Select(item => item * 2)]));

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task Every_form_of_function_takes_the_stream_and_gives_one(Stage<int, int> stage)
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> placed = stage.On(pool);

        Assert.Equal(Items.Select(item => item * 2), await (Items | placed).ToListAsync());
        Assert.Equal(Items.Select(item => item * 2), await (Items | placed.With(capacity: 1)).ToListAsync());
        Assert.Empty(await (Array.Empty<int>() | placed).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task It_may_give_more_than_it_takes_stop_early_or_give_one_result()
    {
        await using Pool pool = Pool.Processes(1);

        Assert.Equal([.. Enumerable.Repeat(-1, 500), .. Items, .. Enumerable.Repeat(-2, 5_000)], await (Items | Stage.Of<int, int>(ChattyAsync).On(pool)).ToListAsync());
        Assert.Equal([0, 1, 2], await (Enumerable.Range(0, int.MaxValue) | Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Take(3)).On(pool)).ToListAsync());
        Assert.Equal([499_500], await (Items | Stage.Of<int, int>((items, token) => items.SumAsync(cancellationToken: token)).On(pool)).ToListAsync());
        Assert.Equal(7, await (Items | Stage.Of<int, int>(ChattyAsync).On(pool)).Take(7).CountAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_instances_share_the_input()
    {
        await using Pool pool = Pool.Processes(2);
        Stage<int, (int Process, int Item)> stage = Stage.Of<int, (int, int)>((IAsyncEnumerable<int> items) => items.Select(item => (Environment.ProcessId, item)), workers: 2).On(pool);

        List<(int Process, int Item)> results = await (Enumerable.Range(0, 20_000) | stage).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 20_000), results.Select(each => each.Item).Order());
        Assert.DoesNotContain(Environment.ProcessId, results.Select(each => each.Process));
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_failure_and_its_workers_end_fail_the_run()
    {
        await using Pool pool = Pool.Processes(1);
        Stage<int, int> fails = Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item == 50 ? throw new InvalidOperationException("fifty") : item)).On(pool);
        Stage<int, int> dies = Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item == 50 ? Die() : item)).On(pool);

        PipelineException first = await Assert.ThrowsAsync<PipelineException>(async () => await (Items | fails).ToListAsync());
        PipelineException second = await Assert.ThrowsAsync<PipelineException>(async () => await (Items | dies).ToListAsync());

        Assert.Equal(("fifty", -1L), (first.Failures[0].Exception.Message, first.Failures[0].Number));
        Assert.IsType<WorkerLostException>(second.Failures[0].Exception);
        Assert.Equal(Items.Length, await (Items | Stage.Of<int, int>((IEnumerable<int> items) => items).On(pool)).CountAsync());
    }

    private static int Die()
    {
        Environment.Exit(1);
        return 0;
    }

    private static async IAsyncEnumerable<int> ChattyAsync(IAsyncEnumerable<int> items)
    {
        for (int i = 0; i < 500; i++) yield return -1;
        await foreach (int item in items) yield return item;
        for (int i = 0; i < 5_000; i++) yield return -2;
    }
}
