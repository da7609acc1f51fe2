using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Operators;

public sealed class FlatMapTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 60)];

    public static TheoryData<Stage<int, int>> AllForms { get; } = new(
        Stage.FlatMap<int, int>(item => Results(item)),
        Stage.FlatMap<int, int>((int item, CancellationToken _) => Results(item)),
        Stage.FlatMap<int, int>(item => ResultsAsync(item)),
        Stage.FlatMap<int, int>((item, token) => ResultsAsync(item, token)),
        Stage.FlatMap<int, int>(async Task<IEnumerable<int>> (item) => await LaterAsync(item)),
        Stage.FlatMap<int, int>(async Task<IEnumerable<int>> (item, _) => await LaterAsync(item)));

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task Every_form_of_body_gives_any_number_of_results(Stage<int, int> stage)
    {
        IEnumerable<int> expected = Items.SelectMany(Results);
        Assert.Equal(expected, await (Items | stage).ToListAsync());
        Assert.Equal(expected, await (Items | stage.With(workers: 6)).ToListAsync());
        Assert.Equal(expected.Order(), (await (Items | stage.With(workers: 6, ordered: false)).ToListAsync()).Order());
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task One_place_in_the_output_is_enough_for_any_number_of_results(Stage<int, int> stage)
    {
        IEnumerable<int> expected = Items.SelectMany(Results);
        Assert.Equal(expected, await (Items | stage.With(capacity: 1)).ToListAsync());
        Assert.Equal(expected, await (Items | stage.With(workers: 4, capacity: 1, batch: 10)).ToListAsync());
        Assert.Equal(expected.Order(), (await (Items | stage.With(workers: 4, capacity: 1, ordered: false)).ToListAsync()).Order());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, true)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public async Task A_huge_expansion_goes_through_a_tiny_output(int workers, bool ordered)
    {
        Stage<int, int> stage = Stage.FlatMap<int, int>(item => Enumerable.Range(0, 50_000), workers).With(capacity: 2, ordered: ordered);
        Assert.Equal(4 * 50_000, await (new[] { 1, 2, 3, 4 } | stage).CountAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_endless_expansion_is_made_only_as_far_as_it_is_taken(int workers)
    {
        int made = 0;
        bool disposed = false;
        IEnumerable<int> Endless(int item)
        {
            try
            {
                while (true) yield return Interlocked.Increment(ref made);
            }
            finally
            {
                disposed = true;
            }
        }

        Assert.Equal([1, 2, 3], await (new[] { 0 } | Stage.FlatMap<int, int>(Endless, workers).With(capacity: 5) | Stage.Take<int>(3)).ToListAsync());
        Assert.True(disposed);
        Assert.InRange(made, 3, 3 + 5 + workers + 17);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_first_result_of_an_item_is_there_before_its_last_is_made()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> BodyAsync(int item)
        {
            yield return 1;
            await taken.Task;
            yield return 2;
        }

        await foreach (int result in new[] { 0 } | Stage.FlatMap<int, int>(BodyAsync))
        {
            if (result == 1) taken.SetResult();
        }
        Assert.True(taken.Task.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task Workers_of_an_ordered_stage_make_their_results_at_the_same_time()
    {
        // Four workers with three results each; the third is made when all have made two.
        int arrived = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> BodyAsync(int item)
        {
            yield return item;
            await Task.Yield();
            yield return item;
            if (Interlocked.Increment(ref arrived) == 4) all.SetResult();
            await all.Task;
            yield return item;
        }

        List<int> results = await (new[] { 1, 2, 3, 4 } | Stage.FlatMap<int, int>(BodyAsync, workers: 4).With(capacity: 16)).ToListAsync();
        Assert.Equal([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], results);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_was_made_before_a_body_throws_has_gone_on()
    {
        static IEnumerable<int> Throws(int item)
        {
            yield return item;
            yield return item + 1;
            if (item == 20) throw new TestFailureException("half-way");
        }

        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int result in new[] { 10, 20, 30 } | Stage.FlatMap<int, int>(Throws)) results.Add(result);
        });
        Assert.Equal([10, 11, 20, 21], results);
        Assert.Equal(1, error.Failures[0].Number);
    }

    [Fact(Timeout = 30_000)]
    public async Task With_retries_only_whole_items_go_on()
    {
        int attempts = 0;
        IEnumerable<int> ThrowsTwice(int item)
        {
            yield return item;
            if (item == 20 && ++attempts <= 2) throw new TestFailureException("half-way");
            yield return item + 1;
        }

        Stage<int, int> stage = Stage.FlatMap<int, int>(ThrowsTwice).With(onError: OnError.Retry(2));
        Assert.Equal([10, 11, 20, 21, 30, 31], await (new[] { 10, 20, 30 } | stage).ToListAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Repeat_gives_every_item_several_times(int times) => Assert.Equal(
        Items.SelectMany(item => Enumerable.Repeat(item, times)),
        await (Items | Stage.Repeat<int>(times)).ToListAsync());

    private static IEnumerable<int> Results(int item) => Enumerable.Range(item * 100, item % 4 == 3 ? 40 : item % 4);

    private static async IAsyncEnumerable<int> ResultsAsync(int item, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (int result in Results(item))
        {
            if (result % 3 == 0) await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return result;
        }
    }

    private static async ValueTask<IEnumerable<int>> LaterAsync(int item)
    {
        if (item % 3 == 0) await Task.Yield();
        return Results(item);
    }
}
