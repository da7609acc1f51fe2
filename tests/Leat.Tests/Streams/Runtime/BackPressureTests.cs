using System.Diagnostics;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Streams.Runtime;

/// <summary>
/// How far a source runs ahead of a consumer that has stopped taking. By the documentation every stage holds its
/// capacity and one more for each worker; an output whose capacity is not chosen starts with 16, and doubles when its
/// consumer has waited for so long that it could have taken as many more. On a busy machine that may be at any time, so nothing else runs.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class BackPressureTests
{
    // What stands in the source's output and its hand: 16 and one, doubled at the start.
    private const int InTheSource = 34;

    private int pulled;

    private IEnumerable<int> Endless()
    {
        while (true) yield return Interlocked.Increment(ref pulled);
    }

    public static MatrixTheoryData<int, int, bool> All { get; } = new([1, 2, 30], [1, 4], [true, false]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task Capacity_bounds_what_is_pulled(int capacity, int workers, bool ordered)
    {
        Stage<int, int> stage = Stage.Map<int, int>(item => item, workers).With(capacity: capacity, batch: 1, ordered: ordered);
        await using IAsyncEnumerator<int> items = (Endless() | stage).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        int most = await AtRestAsync();
        // In the consumer's hand, in the stage's output and its workers' hands, in the source.
        Assert.InRange(most, 1 + capacity, 1 + capacity + workers + InTheSource);
    }

    [Fact(Timeout = 30_000)]
    public async Task Several_stages_hold_the_sum_of_their_capacities()
    {
        Stage<int, int> stage = Stage.Map<int, int>(item => item, workers: 2).With(capacity: 5, batch: 1);
        await using IAsyncEnumerator<int> items = (Endless() | stage | stage | stage).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.InRange(await AtRestAsync(), 1 + (3 * 5), 1 + (3 * (5 + 2)) + InTheSource);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_item_that_is_taken_lets_about_one_in()
    {
        Stage<int, int> stage = Stage.Map<int, int>(item => item).With(capacity: 3, batch: 1);
        await using IAsyncEnumerator<int> items = (Endless() | stage).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        int ahead = await AtRestAsync();
        for (int taken = 2; taken <= 50; taken++)
        {
            Assert.True(await items.MoveNextAsync());
            Assert.Equal(taken, items.Current);
        }
        int now = await AtRestAsync();
        // The consumer was quick meanwhile: it has several in hand, and what is before it has grown.
        Assert.InRange(now, 50 + 3, 50 + 3 + (4 * InTheSource));
        Assert.True(ahead < now);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_flat_map_stops_in_the_middle_of_an_item()
    {
        int made = 0;
        IEnumerable<int> Many(int item)
        {
            while (true) yield return Interlocked.Increment(ref made);
        }

        await using IAsyncEnumerator<int> items = (Endless() | Stage.FlatMap<int, int>(Many).With(capacity: 4)).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        await AtRestAsync(() => Volatile.Read(ref made));
        Assert.InRange(made, 1 + 4, 1 + 4 + 1 + 1);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_function_over_the_stream_is_held_back_too(bool blocking)
    {
        Stage<int, int> stage = blocking
            ? Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item))
            : Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Select(item => item));
        await using IAsyncEnumerator<int> items = (Endless() | stage.With(capacity: 4)).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        // A function reads a handful at a time, as many as make a quarter of a millisecond's work.
        Assert.InRange(await AtRestAsync(), 1 + 4, 5_000);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(60)]
    public async Task Where_nothing_is_chosen_a_slow_consumer_has_little_in_front_of_it(int milliseconds)
    {
        // One item may take long; those behind it that another worker makes meanwhile have to wait for it.
        Stage<int, int> stage = Stage.Map<int, int>(
            async Task<int> (item) =>
            {
                if (item == 30) await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
                return item;
            },
            workers: 2);
        await using IAsyncEnumerator<int> items = (Endless() | stage).GetAsyncEnumerator();
        int most = 0;
        var waited = new Stopwatch();
        for (int taken = 0; taken < 100; taken++)
        {
            waited.Start();
            Assert.True(await items.MoveNextAsync());
            waited.Stop();
            // A consumer of a few milliseconds an item.
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, TestContext.Current.CancellationToken);
            most = Math.Max(most, Volatile.Read(ref pulled) - items.Current);
        }
        // And room for twice what it could have taken while it waited, in the output and in the input.
        int missed = (int)(waited.ElapsedMilliseconds / 3);
        Assert.InRange(most, 1, (4 * InTheSource) + (4 * missed));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_consumer_that_was_fast_and_stops_has_bounded_memory_in_front_of_it()
    {
        await using IAsyncEnumerator<int> items = (Endless() | Stage.Map<int, int>(item => item) | Stage.Map<int, int>(item => item, workers: 2)).GetAsyncEnumerator();
        int last = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            Assert.True(await items.MoveNextAsync());
            last = items.Current;
        }
        int ahead = await AtRestAsync() - last;
        // Three outputs of at most 4,096, and a batch in each hand.
        Assert.InRange(ahead, 1, (3 * 4_096) + (4 * 1_024));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_sink_that_waits_holds_everything_back()
    {
        using var go = new SemaphoreSlim(0);
        Stage<int, int> stage = Stage.Map<int, int>(item => item).With(capacity: 2, batch: 1);
        await using Flow flow = Flow.Start(Endless() | stage | Sink.ForEach<int>(async (_, token) => await go.WaitAsync(token)));
        int most = await AtRestAsync();
        Assert.InRange(most, 1 + 2, 1 + 2 + 1 + InTheSource);
    }

    private Task<int> AtRestAsync() => AtRestAsync(() => Volatile.Read(ref pulled));

    // At rest when it has not moved at so many looks: there is no event for what does not happen.
    private static async Task<int> AtRestAsync(Func<int> count)
    {
        int last = -1;
        for (int same = 0; same < 25;)
        {
            int now = count();
            same = now == last && now > 0 ? same + 1 : 0;
            last = now;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
        return last;
    }
}
