using System.Collections.Concurrent;
using Leat.Streams;

namespace Leat.Tests.Streams.Ends;

/// <summary>The author's code that does not return when it is cancelled is left behind: told, counted, and the run ends.</summary>
[Collection(AloneCollection.Name)]
public sealed class AbandonedBodiesTests : IDisposable
{
    private readonly ManualResetEventSlim release = new();
    private readonly TaskCompletionSource releaseAsync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<RunEvent> events = [];
    private enum Place
    {
        Body,
        AsyncBody,
        Create,
        DisposalOfTheState,
        MoveNext,
        GetEnumerator,
        DisposalOfTheIterator,
        MoveNextAsync,
        DisposalOfTheAsyncIterator,
        FlatMap,
        Predicate,
        Of,
        OfAsync,
        Split,
        Sink,
        AsyncSink,
    }

    public void Dispose()
    {
        release.Set();
        releaseAsync.TrySetResult();
        release.Dispose();
    }

    // All places at the same time, because each takes its two seconds.
    [Fact(Timeout = 60_000)]
    public async Task What_does_not_return_is_left_behind_after_two_seconds()
    {
        var leftovers = new Leftovers();
        await Task.WhenAll(Enum.GetValues<Place>().Select(async place =>
        {
            using var one = new AbandonedBodiesTests();
            try
            {
                await one.LeaveBehindAsync(place);
            }
            catch (Exception error)
            {
                Assert.Fail($"{place}: {error.Message}");
            }
        }));
        await leftovers.NoneAsync();
    }

    private async Task LeaveBehindAsync(Place place)
    {
        using var cancellation = new CancellationTokenSource();
        await using Flow flow = Flow.Start([PipeThatGetsStuck(place)], new FlowOptions { Events = events.Enqueue }, cancellation.Token);
        await Task.WhenAny(running.Task, stuck.Task);
        long since = TimeProvider.System.GetTimestamp();
        await cancellation.CancelAsync();
        await Ended.SoonAsync(flow.Completion);
        TimeSpan took = TimeProvider.System.GetElapsedTime(since);

        Assert.Equal(FlowState.Cancelled, flow.State);
        Assert.InRange(took, Run.Grace - TimeSpan.FromMilliseconds(50), Run.Grace + TimeSpan.FromSeconds(8));
        BodyAbandoned told = Assert.Single(events.OfType<BodyAbandoned>());
        Assert.Equal(1, flow.Stats[told.Stage].Abandoned);
        Assert.Equal(1, flow.Stats.Stages.Sum(stage => stage.Abandoned));

        release.Set();
        releaseAsync.TrySetResult();
    }

    private Pipe PipeThatGetsStuck(Place place) => place switch
    {
        Place.Body => Endless() | Stage.Map<int, int>(Block),
        Place.AsyncBody => Endless() | Stage.Map<int, int>(BlockAsync),
        Place.Create => Endless() | Stage.Map<int, int, int>(() => Block(0), (_, item) => item),
        Place.DisposalOfTheState => Endless() | Stage.Map<Disposal, int, int>(() => new Disposal(this), (_, item) => Go(item)),
        Place.MoveNext => Endless().Select(Block) | Stage.Map<int, int>(item => item),
        Place.GetEnumerator => new StuckSequence(this) | Stage.Map<int, int>(item => item),
        Place.DisposalOfTheIterator => Disposing() | Stage.Map<int, int>(item => item),
        Place.MoveNextAsync => StuckAsync() | Stage.Map<int, int>(item => item),
        Place.DisposalOfTheAsyncIterator => DisposingAsync() | Stage.Map<int, int>(item => item),
        Place.FlatMap => Endless() | Stage.FlatMap<int, int>(item => Endless().Select(Block)),
        Place.Predicate => Endless() | Stage.Filter<int>(item => Block(item) == 0),
        Place.Of => Endless() | Stage.Of<int, int>((IEnumerable<int> items) => items.Select(Block)),
        Place.OfAsync => Endless() | Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Select(async (int item, CancellationToken _) => await BlockAsync(item))),
        Place.Split => Endless() | Stage.Scatter<int, int>(item => [Block(item)]) | Stage.Gather<int>(),
        Place.Sink => Endless() | Stage.Map<int, int>(item => item) | Sink.ForEach<int>(item => Block(item)),
        Place.AsyncSink => Endless() | Stage.Map<int, int>(item => item) | Sink.ForEach<int>(async (item, _) => await BlockAsync(item)),
        _ => throw new ArgumentOutOfRangeException(nameof(place)),
    };

    private int Go(int item)
    {
        running.TrySetResult();
        return item;
    }

    private int Block(int item)
    {
        stuck.TrySetResult();
        release.Wait();
        return item;
    }

    private async ValueTask<int> BlockAsync(int item)
    {
        stuck.TrySetResult();
        await releaseAsync.Task;
        return item;
    }

    private static IEnumerable<int> Endless() => Enumerable.Range(0, int.MaxValue).Select(item => item);

    private IEnumerable<int> Disposing()
    {
        try
        {
            foreach (int item in Endless()) yield return Go(item);
        }
        finally
        {
            Block(0);
        }
    }

    private async IAsyncEnumerable<int> StuckAsync()
    {
        yield return 0;
        yield return await BlockAsync(1);
    }

    private async IAsyncEnumerable<int> DisposingAsync()
    {
        try
        {
            foreach (int item in Endless()) yield return Go(item);
        }
        finally
        {
            await BlockAsync(0);
        }
    }

    private sealed class Disposal(AbandonedBodiesTests tests) : IDisposable
    {
        public void Dispose() => tests.Block(0);
    }

    private sealed class StuckSequence(AbandonedBodiesTests tests) : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator()
        {
            tests.Block(0);
            return Endless().GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
