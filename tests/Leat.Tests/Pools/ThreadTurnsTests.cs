namespace Leat.Tests.Pools;

/// <summary>Turns on a pool of threads come back, whatever becomes of those who have them.</summary>
public sealed class ThreadTurnsTests
{
    [Fact(Timeout = 60_000)]
    public async Task Bodies_that_are_left_behind_give_their_turns_back()
    {
        await using Pool pool = Pool.Threads(2);
        using var release = new ManualResetEventSlim();
        Stage<int, int> stuck = Stage.Map((int item) =>
        {
            if (item % 2 == 0) release.Wait(CancellationToken.None);
            return item;
        }).With(timeout: TimeSpan.FromMilliseconds(30), onError: OnError.Skip).On(pool);

        Assert.Equal([1, 3, 5, 7, 9], await (Enumerable.Range(0, 10) | stuck).ToListAsync());

        release.Set();
        await NothingIsTakenAsync(pool);
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_at_the_end_of_the_input_take_no_turn_with_them()
    {
        await using Pool pool = Pool.Threads(1);
        Stage<int, int> sums = Stage.Fold(0, (int total, int item) => total + item).With(capacity: 1).On(pool);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(4_950, await (Enumerable.Range(0, 100) | sums | Stage.Map((int item) => item).With(capacity: 1).On(pool)).ExecuteAsync());
        }

        await NothingIsTakenAsync(pool);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancelled_and_failed_runs_leave_no_turn_taken()
    {
        await using Pool pool = Pool.Threads(2);
        for (int i = 0; i < 8; i++)
        {
            int bad = 1 + i;
            Stage<int, int> stage = Stage.FlatMap((int item) => item == bad ? throw new InvalidOperationException("bad") : Enumerable.Repeat(item, 50), workers: 3).With(capacity: 2).On(pool);
            await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(0, 1_000) | stage | stage).CountAsync());
            Assert.Equal(7, await (Enumerable.Range(100, 1_000) | stage | stage).Take(7).CountAsync());
        }

        await NothingIsTakenAsync(pool);
    }

    [Fact(Timeout = 60_000)]
    public async Task Retries_wait_without_a_turn()
    {
        await using Pool pool = Pool.Threads(1);
        int calls = 0;
        Stage<int, int> stage = Stage.Map((int item) => item == 0 && Interlocked.Increment(ref calls) < 3 ? throw new IOException("not yet") : item, workers: 2)
            .With(onError: OnError.Retry(3, TimeSpan.FromMilliseconds(20))).On(pool);

        Assert.Equal(Enumerable.Range(0, 50), await (Enumerable.Range(0, 50) | stage).ToListAsync());
        await NothingIsTakenAsync(pool);
    }

    private static Task NothingIsTakenAsync(Pool pool) =>
        Streams.Eventually.TrueAsync(() => pool.Stats() is { Busy: 0, Waiting: 0 }, () => pool.Stats().ToString());
}
