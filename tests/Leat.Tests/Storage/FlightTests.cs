namespace Leat.Tests.Storage;

/// <summary>Equal calls at the same time run once.</summary>
public sealed class FlightTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly Cache cache;

    public FlightTests() => cache = Cache.Directory(folder["cache"], new CacheOptions { Required = true });

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Threads_share_a_call_that_is_under_way()
    {
        Func<int, int> slow = cache.Wrap<int, int>(Slow.Run, "slow");
        for (int round = 0; round < 20; round++)
        {
            int argument = round;
            using var barrier = new Barrier(8);
            int[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    return slow(argument);
                }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.All(results, result => Assert.Equal(argument + 1, result));
        }
        Assert.Equal(20, Slow.Runs);
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_failure_is_that_of_all()
    {
        Func<int, Task<int>> fail = cache.Wrap<int, int>(Failing.RunAsync, "fail");
        Task<int> first = fail(1);
        Task<int> second = fail(1);
        Failing.Gate.SetResult();
        InvalidDataException one = await Assert.ThrowsAsync<InvalidDataException>(() => first);
        Assert.Same(one, await Assert.ThrowsAsync<InvalidDataException>(() => second));
        Assert.Equal(1, Failing.Runs);
    }

    [Fact(Timeout = 60_000)]
    public async Task Its_cancellation_is_its_own()
    {
        Func<int, CancellationToken, Task<int>> wait = cache.Wrap<int, int>(Waiting.RunAsync, "wait");
        using var cancelled = new CancellationTokenSource();
        Task<int> first = wait(1, cancelled.Token);
        Task<int> second = wait(1, CancellationToken.None);
        Assert.False(second.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Waiting.Gate.SetResult();
        Assert.Equal(2, await second);
        Assert.Equal(2, Waiting.Runs);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_waits_may_give_up()
    {
        Func<int, CancellationToken, Task<int>> wait = cache.Wrap<int, int>(Patient.RunAsync, "patient");
        Task<int> first = wait(1, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        Task<int> second = wait(1, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Patient.Gate.SetResult();
        Assert.Equal(2, await first);
    }

    private static class Slow
    {
        private static int runs;

        public static int Runs => runs;

        public static int Run(int x)
        {
            Interlocked.Increment(ref runs);
            Thread.SpinWait(10_000);
            return x + 1;
        }
    }

    private static class Failing
    {
        public static readonly TaskCompletionSource Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static int Runs { get; private set; }

        public static async Task<int> RunAsync(int x)
        {
            Runs++;
            await Gate.Task;
            throw new InvalidDataException($"{x}");
        }
    }

    private static class Waiting
    {
        public static readonly TaskCompletionSource Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static int Runs { get; private set; }

        public static async Task<int> RunAsync(int x, CancellationToken cancellationToken)
        {
            Runs++;
            await Gate.Task.WaitAsync(cancellationToken);
            return x + 1;
        }
    }

    private static class Patient
    {
        public static readonly TaskCompletionSource Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static async Task<int> RunAsync(int x, CancellationToken cancellationToken)
        {
            await Gate.Task.WaitAsync(cancellationToken);
            return x + 1;
        }
    }
}
