using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Operators;

/// <summary>The state of a worker: made once, used by it alone, disposed once, however the run ends.</summary>
public sealed class MapStateTests
{
    private readonly ConcurrentBag<State> states = [];

    public static MatrixTheoryData<End, int, bool> All { get; } = new(Enum.GetValues<End>(), [1, 3, 8], [false, true]);

    public enum End
    {
        Completion,
        Failure,
        Cancel,
        BrokenOff,
        FailureOfTheSource,
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task Each_worker_makes_one_state_and_it_is_disposed_once(End end, int workers, bool isAsync)
    {
        Stage<int, int> stage = isAsync
            ? Stage.Map<State, int, int>(NewState, async (state, item, _) => await state.UseAsync(item, FailsAt(end)), workers)
            : Stage.Map<State, int, int>(NewState, (state, item) => state.Use(item, FailsAt(end)), workers);
        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        try
        {
            await foreach (int _ in (Items(end) | stage).WithCancellation(cancellation.Token))
            {
                seen++;
                if (seen == 100 && end == End.Cancel) await cancellation.CancelAsync();
                if (seen == 100 && end == End.BrokenOff) break;
            }
        }
        catch (Exception error) when (error is PipelineException or OperationCanceledException)
        {
            Assert.NotEqual(End.Completion, end);
        }

        Assert.Equal(workers, states.Count);
        Assert.All(states, state => Assert.Equal(1, state.Disposals));
        Assert.All(states, state => Assert.False(state.WasShared));
        Assert.All(states, state => Assert.False(state.WasUsedAfterDisposal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_state_that_is_asynchronously_disposable_is_disposed_so()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stage<int, int> stage = Stage.Map<AsyncState, int, int>(() => new AsyncState(disposed), (_, item) => item);
        await (new[] { 1, 2, 3 } | stage).CountAsync();
        Assert.True(disposed.Task.IsCompleted, "The enumeration has ended, so the disposal must have.");
    }

    [Fact(Timeout = 30_000)]
    public async Task Every_run_has_states_of_its_own()
    {
        Pipe<int> pipe = Enumerable.Range(0, 10) | Stage.Map<State, int, int>(NewState, (state, item) => state.Use(item, -1), workers: 2);
        await pipe.CountAsync();
        await pipe.CountAsync();
        Assert.Equal(4, states.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_state_that_cannot_be_made_fails_the_run()
    {
        Stage<int, int> stage = Stage.Map<State, int, int>(() => throw new TestFailureException("create"), (_, item) => item, workers: 3);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(0, int.MaxValue) | stage).CountAsync());
        Assert.All(error.Failures, failure => Assert.Equal("create", failure.Exception.Message));
        Assert.All(error.Failures, failure => Assert.Equal(-1, failure.Number));
        Assert.Equal("Map", error.Failures[0].Stage);
    }

    [Fact(Timeout = 30_000)]
    public async Task One_state_of_several_that_cannot_be_made_fails_the_run_and_the_others_are_disposed()
    {
        int made = 0;
        Stage<int, int> stage = Stage.Map<State, int, int>(
            () => Interlocked.Increment(ref made) == 2 ? throw new TestFailureException("create") : NewState(),
            (state, item) => state.Use(item, -1),
            workers: 3);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(0, int.MaxValue) | stage).CountAsync());
        Assert.Equal("create", Assert.Single(error.Failures).Exception.Message);
        Assert.Equal(2, states.Count);
        Assert.All(states, state => Assert.Equal(1, state.Disposals));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_disposal_that_throws_fails_the_run_behind_all_results()
    {
        List<int> results = [];
        Stage<int, int> stage = Stage.Map<FailingState, int, int>(() => new FailingState(), (_, item) => item, workers: 2);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int item in Enumerable.Range(0, 100) | stage) results.Add(item);
        });
        Assert.Equal(2, error.Failures.Count);
        Assert.All(error.Failures, failure => Assert.Equal("dispose", failure.Exception.Message));
        Assert.Equal(Enumerable.Range(0, 100), results);
    }

    private static int FailsAt(End end) => end == End.Failure ? 100 : -1;

    private static IEnumerable<int> Items(End end)
    {
        for (int i = 0; end != End.Completion || i < 500; i++)
        {
            yield return end == End.FailureOfTheSource && i == 100 ? throw new TestFailureException("source") : i;
        }
    }

    private State NewState()
    {
        var state = new State();
        states.Add(state);
        return state;
    }

    private sealed class State : IDisposable
    {
        private int users;
        private int disposals;

        public int Disposals => Volatile.Read(ref disposals);

        public bool WasShared { get; private set; }

        public bool WasUsedAfterDisposal { get; private set; }

        public int Use(int item, int failsAt)
        {
            WasShared |= Interlocked.Increment(ref users) > 1;
            WasUsedAfterDisposal |= Disposals > 0;
            Interlocked.Decrement(ref users);
            return item == failsAt ? throw new TestFailureException("body") : item;
        }

        public async Task<int> UseAsync(int item, int failsAt)
        {
            WasShared |= Interlocked.Increment(ref users) > 1;
            await Task.Yield();
            WasUsedAfterDisposal |= Disposals > 0;
            Interlocked.Decrement(ref users);
            return item == failsAt ? throw new TestFailureException("body") : item;
        }

        public void Dispose() => Interlocked.Increment(ref disposals);
    }

    private sealed class AsyncState(TaskCompletionSource disposed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            disposed.SetResult();
        }
    }

    private sealed class FailingState : IDisposable
    {
        public void Dispose() => throw new TestFailureException("dispose");
    }

    [Fact(Timeout = 30_000)]
    public async Task The_body_may_be_written_in_all_forms()
    {
        static int Seed() => 10;
        Stage<int, int>[] forms =
        [
            Stage.Map(create: Seed, body: (int state, int item) => state + item),
            Stage.Map(create: Seed, body: (int state, int item, CancellationToken _) => state + item),
            Stage.Map(create: Seed, body: (int state, int item) => Task.FromResult(state + item)),
            Stage.Map(create: Seed, body: (int state, int item, CancellationToken _) => Task.FromResult(state + item)),
            Stage.Map(create: Seed, body: (int state, int item) => ValueTask.FromResult(state + item)),
            Stage.Map(create: Seed, body: (int state, int item, CancellationToken _) => ValueTask.FromResult(state + item)),
            Stage.Map(create: Seed, body: async (int state, int item) => await Task.FromResult(state + item)),
        ];
        foreach (Stage<int, int> form in forms) Assert.Equal([11, 12], await (new[] { 1, 2 } | form).ToListAsync());
    }
}
