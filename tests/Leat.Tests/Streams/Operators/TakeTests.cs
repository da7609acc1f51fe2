namespace Leat.Tests.Streams.Operators;

public sealed class TakeTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(long.MaxValue)]
    public async Task The_first_items_go_through(long count) => Assert.Equal(
        Enumerable.Range(0, (int)Math.Min(count, 1_000)),
        await (Enumerable.Range(0, 1_000).Select(item => item) | Stage.Take<int>(count)).ToListAsync());

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(3_000)]
    public async Task An_endless_source_ends_promptly(int count)
    {
        int pulled = 0;
        bool disposed = false;
        IEnumerable<int> Endless()
        {
            try
            {
                while (true) yield return pulled++;
            }
            finally
            {
                disposed = true;
            }
        }

        Assert.Equal(Enumerable.Range(0, count), await (Endless() | Stage.Map<int, int>(item => item, workers: 2) | Stage.Take<int>(count)).ToListAsync());
        Assert.True(disposed || pulled == 0);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_source_that_waits_is_told_by_its_token()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> ThreeThenNoneAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < 3; i++) yield return i;
            await using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
        }

        Assert.Equal([0, 1, 2], await (ThreeThenNoneAsync() | Stage.Take<int>(3)).ToListAsync());
        Assert.True(cancelled.Task.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_body_before_it_that_waits_is_told_by_its_token()
    {
        Stage<int, int> stage = Stage.Map<int, int>(
            async (item, token) =>
            {
                if (item >= 3) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return item;
            },
            workers: 4);
        Assert.Equal([0, 1, 2], await (Enumerable.Range(0, int.MaxValue) | stage | Stage.Take<int>(3)).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Two_in_a_row_take_the_smaller_number()
    {
        Assert.Equal([0, 1], await (Enumerable.Range(0, 100) | Stage.Take<int>(5) | Stage.Take<int>(2)).ToListAsync());
        Assert.Equal([0, 1], await (Enumerable.Range(0, 100) | Stage.Take<int>(2) | Stage.Take<int>(5)).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_run_takes_anew()
    {
        Pipe<int> pipe = Enumerable.Range(0, 100) | Stage.Take<int>(2);
        Assert.Equal([0, 1], await pipe.ToListAsync());
        Assert.Equal([0, 1], await pipe.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_fold_behind_it_gives_its_result() =>
        Assert.Equal(10, await (Enumerable.Range(0, int.MaxValue) | Stage.Take<int>(5) | Stage.Fold<int, int>(0, (sum, item) => sum + item)).ExecuteAsync());
}
