using System.Threading.Channels;

namespace Leat.Tests.Streams.Operators;

/// <summary>Functions over the whole stream that read it in other ways than item by item in one place.</summary>
public sealed class OfReadingTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 3)]
    public async Task It_may_read_ahead_of_what_it_gives(int capacity, int workers)
    {
        for (int i = 0; i < Repeat.Times(20); i++)
        {
            List<int> results = [];
            await foreach (int item in HesitatingAsync(300) | Stage.Of<int, int>(ReadAheadAsync, workers).With(capacity: capacity))
            {
                results.Add(item);
                if (item % 5 == 0) await Task.Yield();
            }
            Assert.Equal(Enumerable.Range(0, 300), workers == 1 ? results : results.Order());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task It_may_read_on_a_task_of_its_own()
    {
        for (int i = 0; i < Repeat.Times(10); i++)
        {
            Pipe<int> pipe = HesitatingAsync(3_000) | Stage.Of<int, int>(PumpAsync).With(capacity: 1);
            Assert.Equal(Enumerable.Range(0, 3_000), await pipe.ToListAsync());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task It_may_be_parallel_itself()
    {
        Stage<int, int> stage = Stage.Of<int, int>((IEnumerable<int> items) => items.AsParallel().AsOrdered().WithDegreeOfParallelism(3).Select(item => item * 2));
        for (int i = 0; i < Repeat.Times(10); i++)
        {
            Pipe<int> pipe = HesitatingAsync(3_000) | stage.With(capacity: 2);
            Assert.Equal(Enumerable.Range(0, 3_000).Select(item => item * 2), await pipe.ToListAsync());
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task It_may_leave_its_pump_running_when_it_ends()
    {
        async IAsyncEnumerable<int> LeaveAsync(IAsyncEnumerable<int> items)
        {
            var first = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            Task pump = Task.Run(async () =>
            {
                await foreach (int item in items) first.TrySetResult(item);
            });
            yield return await first.Task;
            Assert.False(pump.IsFaulted);
        }

        Assert.Equal([0], await (HesitatingAsync(int.MaxValue) | Stage.Of<int, int>(LeaveAsync)).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task It_may_hold_results_back_until_it_has_read_them_all() => Assert.Equal(
        Enumerable.Range(0, 3_000).Reverse(),
        await (HesitatingAsync(3_000) | Stage.Of<int, int>((IEnumerable<int> items) => items.Reverse())).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task It_may_zip_the_stream_with_itself() => Assert.Equal(
        Enumerable.Range(0, 999),
        await (Enumerable.Range(0, 1_000).ToArray() | Stage.Of<int, int>((items, token) => PairwiseAsync(items))).ToListAsync());

    private static async IAsyncEnumerable<int> PairwiseAsync(IAsyncEnumerable<int> items)
    {
        int? last = null;
        await foreach (int item in items)
        {
            if (last is { } before) yield return before;
            last = item;
        }
    }

    private static async IAsyncEnumerable<int> ReadAheadAsync(IAsyncEnumerable<int> items)
    {
        await using IAsyncEnumerator<int> iterator = items.GetAsyncEnumerator();
        Task<bool> next = iterator.MoveNextAsync().AsTask();
        while (await next)
        {
            int item = iterator.Current;
            next = iterator.MoveNextAsync().AsTask();
            yield return item;
        }
    }

    private static async IAsyncEnumerable<int> PumpAsync(IAsyncEnumerable<int> items)
    {
        var channel = Channel.CreateBounded<int>(4);
        Task pump = Task.Run(async () =>
        {
            await foreach (int item in items) await channel.Writer.WriteAsync(item);
            channel.Writer.Complete();
        });
        await foreach (int item in channel.Reader.ReadAllAsync()) yield return item;
        await pump;
    }

    private static async IAsyncEnumerable<int> HesitatingAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 7 == 0) await Task.Yield();
            yield return i;
        }
    }
}
