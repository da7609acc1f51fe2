namespace Leat.Tests.Streams.Ends;

/// <summary>Many runs at the same time, which end in all ways: each gives its own, and nothing is left.</summary>
[Collection(AloneCollection.Name)]
public sealed class ManyRunsTests
{
    private const int Runs = 50;

    [Fact(Timeout = 300_000)]
    public async Task Fifty_runs_at_once_each_give_their_own_results()
    {
        var leftovers = new Leftovers();
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            Work[] works = Enum.GetValues<Work>();
            await Ended.SoonAsync(Task.WhenAll(Enumerable.Range(0, Runs).Select(i => Task.Run(() => CompleteAsync(works[i % works.Length], i)))), "fifty runs", 60);
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 300_000)]
    public async Task Fifty_runs_at_once_that_end_in_all_ways_leave_nothing()
    {
        var leftovers = new Leftovers();
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            Work[] works = Enum.GetValues<Work>();
            Task all = Task.WhenAll(Enumerable.Range(0, Runs).Select(i => Task.Run(() => EndAsync(works[i % works.Length], i))));
            await Ended.SoonAsync(all, "fifty runs", 60);
            await all;
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 300_000)]
    public async Task Runs_within_the_bodies_of_a_run_end_with_it()
    {
        var leftovers = new Leftovers();
        for (int round = 0; round < Repeat.Times(10); round++)
        {
            Stage<int, int> inner = Stage.Map<int, int>(item => item + 1, workers: 2);
            Stage<int, int> outer = Stage.Map<int, int>(item => (Enumerable.Range(0, 20).ToArray() | inner).Results().Sum() + item, workers: 8);
            ValueTask<int> last = (Enumerable.Range(0, 50).ToArray() | outer).ExecuteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(210 + 49, await last);
        }
        await leftovers.NoneAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Runs_end_even_where_the_thread_pool_has_no_thread_left()
    {
        var leftovers = new Leftovers();
        ThreadPool.GetMinThreads(out int threads, out _);
        for (int round = 0; round < Repeat.Times(3); round++)
        {
            // Not disposed: work that is queued here may come to its turn when the test has ended.
            var release = new ManualResetEventSlim();
            var taken = new ManualResetEventSlim();
            int entered = 0;
            for (int i = 0; i < threads * 2; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        if (Interlocked.Increment(ref entered) == threads) taken.Set();
                        release.Wait();
                    },
                    null);
            }
            taken.Wait(TestContext.Current.CancellationToken);
            // On a thread of its own: the pool has none, and the enumeration must do without.
            Task<int> sum = Task.Factory.StartNew(
                () => (Enumerable.Range(0, 1000).ToArray() | Stage.Map<int, int>(item => item, workers: 3) | Stage.Filter<int>(item => item % 2 == 0)).Results().Sum(),
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            Assert.Equal(249_500, await sum);
            release.Set();
        }
        await leftovers.NoneAsync();
    }

    private static async Task CompleteAsync(Work work, int count)
    {
        var witness = new Witness();
        List<int> results = await work.Over(Source.From(witness.Items(count)), witness).ToListAsync();
        int[] expected = [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat(i, work is Work.FlatMap or Work.AsyncFlatMap ? 2 : 1))];
        Assert.Equal(expected, results.Order());
        await witness.AtRestAsync();
    }

    private static async Task EndAsync(Work work, int i)
    {
        var witness = new Witness();
        using var cancellation = new CancellationTokenSource();
        Pipe<int> pipe = work.Over(Source.From(witness.ItemsAsync(i % 3 == 0 ? 300 : int.MaxValue)), witness, i % 5 == 0 ? 100 : Witness.Never);
        int seen = 0;
        try
        {
            await foreach (int _ in pipe.WithCancellation(cancellation.Token))
            {
                seen++;
                if (i % 3 == 1 && seen == 120) break;
                if (i % 3 == 2 && seen == 120) await cancellation.CancelAsync();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or PipelineException)
        {
            // The ends of some.
        }
        await witness.AtRestAsync();
    }
}
