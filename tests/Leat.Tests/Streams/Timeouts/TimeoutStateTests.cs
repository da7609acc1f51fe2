using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Timeouts;

/// <summary>A worker that takes over makes its own state; the old one belongs to the stuck body until that returns.</summary>
public sealed class TimeoutStateTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    [Theory(Timeout = 30_000)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task The_replacement_has_a_new_state_and_the_old_one_is_disposed_when_its_body_returns(int workers, bool asynchronous)
    {
        using var stuck = new Stuck();
        var clock = new ManualClock();
        var states = new ConcurrentQueue<State>();
        var stuckStates = new ConcurrentQueue<State>();
        var sunk = new ConcurrentQueue<int>();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10)
            | StageOf(asynchronous, states, stuckStates, stuck).With(workers: workers, timeout: Limit, onError: OnError.Skip)
            | Sink.ForEach<int>(sunk.Enqueue),
            new FlowOptions { Clock = clock });

        await stuck.EnteredAsync(1);
        int others = workers == 1 ? 3 : 9;
        await Eventually.TrueAsync(() => flow.Stats["Map"].In == others, () => $"{flow.Stats["Map"].In} of {others} other items are done.");
        clock.Advance(Limit + Limit);
        await Ended.SoonAsync(flow.Completion);

        Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9], sunk);
        State old = Assert.Single(stuckStates);
        Assert.Equal(workers + 1, states.Count);
        Assert.Equal(0, old.Disposals);
        Assert.All(states.Where(state => state != old), state => Assert.Equal(1, state.Disposals));
        Assert.All(states, state => Assert.Equal(1, state.MostUsers));

        stuck.Release();
        await Eventually.TrueAsync(() => old.Disposals > 0, () => "The old state is not disposed.");
        Assert.All(states, state => Assert.Equal(1, state.Disposals));
    }

    private static Stage<int, int> StageOf(bool asynchronous, ConcurrentQueue<State> states, ConcurrentQueue<State> stuckStates, Stuck stuck)
    {
        return asynchronous
            ? Stage.Map<State, int, int>(
                Create,
                async (state, item, _) =>
                {
                    state.Enter();
                    if (item == 3)
                    {
                        stuckStates.Enqueue(state);
                        await stuck.WaitAsync(CancellationToken.None);
                    }

                    state.Leave();
                    return item;
                })
            : Stage.Map<State, int, int>(
                Create,
                (state, item) =>
                {
                    state.Enter();
                    if (item == 3)
                    {
                        stuckStates.Enqueue(state);
                        stuck.Block();
                    }

                    state.Leave();
                    return item;
                });

        State Create()
        {
            var state = new State();
            states.Enqueue(state);
            return state;
        }
    }

    private sealed class State : IDisposable
    {
        private int users;
        private int disposals;

        public int Disposals => Volatile.Read(ref disposals);

        public int MostUsers { get; private set; } = 1;

        public void Enter() => MostUsers = Math.Max(MostUsers, Interlocked.Increment(ref users));

        public void Leave() => Interlocked.Decrement(ref users);

        public void Dispose() => Interlocked.Increment(ref disposals);
    }
}
