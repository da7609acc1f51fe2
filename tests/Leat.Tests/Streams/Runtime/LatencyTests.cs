using System.Collections.Concurrent;
using System.Diagnostics;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Streams.Runtime;

/// <summary>
/// An item that is done reaches the consumer within 5 ms, whatever the code around it is stuck in. The bounds here are
/// three times that and for the median of twenty, so that a machine busy with other things does not fail them.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class LatencyTests
{
    private const int Burst = 5_000;
    private static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(15);

    public enum Hold
    {
        SourceBlocks,
        AsyncSourceWaits,
        AsyncSourceBlocks,
        StageBlocks,
        StageWaits,
        FlatMapBlocks,
        FlatMapWaits,
        FunctionBlocks,
        FunctionWaits,
    }

    public static MatrixTheoryData<Hold, int> All { get; } = new(Enum.GetValues<Hold>(), [1, 3]);

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(All))]
    public async Task A_lone_item_behind_a_burst_is_delivered_at_once(Hold hold, int workers)
    {
        List<TimeSpan> latencies = [];
        for (int i = 0; i < 20; i++)
        {
            var release = new ManualResetEventSlim();
            var releaseAsync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            long sent = 0;
            var received = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            List<int> results = [];

            // Behind the lone item: the source, or a stage that already has the next one, gets stuck.
            void Block()
            {
                Volatile.Write(ref sent, Stopwatch.GetTimestamp());
                release.Wait();
            }

            async Task WaitAsync()
            {
                Volatile.Write(ref sent, Stopwatch.GetTimestamp());
                await releaseAsync.Task;
            }

            Pipe<int> pipe = PipeThatIsHeld(hold, workers, Block, WaitAsync);
            await using Flow flow = Flow.Start(pipe | Stage.Map<int, int>(item => item) | Sink.ForEach<int>(item =>
            {
                results.Add(item);
                if (item == Burst) received.SetResult(Stopwatch.GetTimestamp());
            }));
            await Ended.SoonAsync(received.Task, "the lone item");
            latencies.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref sent), await received.Task));
            Assert.Equal(Enumerable.Range(0, Burst + 1), results);
            release.Set();
            releaseAsync.SetResult();
            await Ended.SoonAsync(flow.Completion);
        }
        latencies.Sort();
        Assert.True(latencies[10] < Bound, $"The median is {latencies[10].TotalMilliseconds:0.0} ms: {string.Join(" ", latencies.Select(latency => $"{latency.TotalMilliseconds:0.0}"))}");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neighbours_of_a_stuck_item_are_done_by_the_other_workers_at_once(bool ordered)
    {
        List<TimeSpan> latencies = [];
        for (int i = 0; i < 20; i++)
        {
            using var release = new ManualResetEventSlim();
            var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ConcurrentQueue<int> results = [];
            int done = 0;
            long stuck = 0;
            Stage<int, int> stage = Stage.Map<int, int>(
                item =>
                {
                    if (item == 40)
                    {
                        Volatile.Write(ref stuck, Stopwatch.GetTimestamp());
                        release.Wait();
                    }
                    if (Interlocked.Increment(ref done) == 99) others.SetResult();
                    return item;
                },
                workers: 3).With(batch: 20, ordered: ordered, capacity: 200);
            await using Flow flow = Flow.Start(Enumerable.Range(0, 100).ToArray() | stage | Sink.ForEach<int>(results.Enqueue));
            await Ended.SoonAsync(others.Task, "the neighbours");
            latencies.Add(Stopwatch.GetElapsedTime(Volatile.Read(ref stuck)));
            int before = ordered ? 40 : 99;
            await Eventually.TrueAsync(() => results.Count == before, () => $"{results.Count} results are delivered instead of the {before} that are not held up.");
            release.Set();
            await Ended.SoonAsync(flow.Completion);
            Assert.Equal(Enumerable.Range(0, 100), ordered ? results : results.Order());
        }
        latencies.Sort();
        Assert.True(latencies[10] < Bound, $"The median is {latencies[10].TotalMilliseconds:0.0} ms.");
    }

    [Fact(Timeout = 60_000)]
    public async Task An_item_that_comes_alone_goes_through_many_stages_at_once()
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<long>();
        Stage<long, long> stage = Stage.Map<long, long>(item => item);
        Pipe<long> pipe = channel.Reader | stage | stage.With(workers: 4) | stage | Stage.Filter<long>(_ => true) | stage.With(workers: 2, ordered: false);
        List<TimeSpan> latencies = [];
        await using IAsyncEnumerator<long> items = pipe.GetAsyncEnumerator();
        for (int i = 0; i < 50; i++)
        {
            ValueTask<bool> next = items.MoveNextAsync();
            // Long enough for the engine to have gone to sleep.
            await Task.Delay(TimeSpan.FromMilliseconds(i % 2 == 0 ? 1 : 40), TimeProvider.System, TestContext.Current.CancellationToken);
            await channel.Writer.WriteAsync(Stopwatch.GetTimestamp(), TestContext.Current.CancellationToken);
            Assert.True(await next);
            latencies.Add(Stopwatch.GetElapsedTime(items.Current));
        }
        latencies.Sort();
        Assert.True(latencies[25] < Bound, $"The median is {latencies[25].TotalMilliseconds:0.0} ms.");
    }

    private static Pipe<int> PipeThatIsHeld(Hold hold, int workers, Action block, Func<Task> waitAsync)
    {
        Stage<int, int> same = Stage.Map<int, int>(item => item, workers);
        IEnumerable<int> Blocking()
        {
            for (int i = 0; i <= Burst; i++) yield return i;
            block();
        }

        async IAsyncEnumerable<int> WaitingAsync(bool blocks)
        {
            for (int i = 0; i <= Burst; i++) yield return i;
            if (blocks) block();
            else await waitAsync();
            await Task.Yield();
        }

        // One more item than is looked at: the stage gets stuck in it.
        IEnumerable<int> oneMore = Enumerable.Range(0, Burst + 2).ToArray();
        bool IsLast(int item)
        {
            if (item <= Burst) return false;
            block();
            return true;
        }

        async ValueTask<bool> IsLastAsync(int item)
        {
            if (item <= Burst) return false;
            await waitAsync();
            return true;
        }

        return hold switch
        {
            Hold.SourceBlocks => Blocking() | same,
            Hold.AsyncSourceWaits => WaitingAsync(false) | same,
            Hold.AsyncSourceBlocks => WaitingAsync(true) | same,
            Hold.StageBlocks => oneMore | Stage.Filter<int>(item => !IsLast(item), workers),
            Hold.StageWaits => oneMore | Stage.Filter<int>(async ValueTask<bool> (item) => !await IsLastAsync(item), workers),
            Hold.FlatMapBlocks => oneMore | Stage.FlatMap<int, int>(item => IsLast(item) ? [] : [item], workers),
            Hold.FlatMapWaits => oneMore | Stage.FlatMap<int, int>(async Task<IEnumerable<int>> (item) => await IsLastAsync(item) ? [] : [item], workers),
            Hold.FunctionBlocks => oneMore | Stage.Of<int, int>((IEnumerable<int> items) => items.Where(item => !IsLast(item))),
            Hold.FunctionWaits => oneMore | Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Where(async (int item, CancellationToken _) => !await IsLastAsync(item))),
            _ => throw new ArgumentOutOfRangeException(nameof(hold)),
        };
    }

    [Fact(Timeout = 60_000)]
    public async Task When_bodies_become_slow_their_results_and_the_items_behind_them_do_not_wait()
    {
        // Fast for long enough that a worker takes a thousand at once, then so slow that these would take it a second.
        const int fast = 100_000;
        const int slow = 1_000;
        var done = new ConcurrentDictionary<int, long>();
        var late = new List<TimeSpan>();
        var workers = new ConcurrentDictionary<int, int>();
        Stage<int, int> stage = Stage.Map<int, int>(
            item =>
            {
                if (item >= fast)
                {
                    long since = Stopwatch.GetTimestamp();
                    while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(1)) Thread.SpinWait(20);
                    workers.AddOrUpdate(Environment.CurrentManagedThreadId, 1, (_, count) => count + 1);
                    done[item] = Stopwatch.GetTimestamp();
                }

                return item;
            },
            workers: 2).With(ordered: false);
        await foreach (int item in Enumerable.Range(0, fast + slow).ToArray() | stage)
        {
            if (item >= fast) late.Add(Stopwatch.GetElapsedTime(done[item]));
        }

        late.Sort();
        Assert.Equal(slow, late.Count);
        Assert.True(late[slow / 2] < Bound, $"The median is {late[slow / 2].TotalMilliseconds:0.0} ms.");
        Assert.True(workers.Values.Count(count => count > slow / 10) > 1, "One worker does it all.");
    }
}
