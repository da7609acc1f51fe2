using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Ends;

/// <summary>The kinds of work that a run may be in the middle of when it ends.</summary>
public enum Work
{
    Sync,
    SyncToken,
    Async,
    Stateful,
    Unordered,
    FlatMap,
    AsyncFlatMap,
    OfAsync,
    OfAsyncShared,
    OfSync,
    OfSyncShared,
    ScatterGather,
    Diamond,
}

/// <summary>Makes watched stages of every kind, which fail where they are told to.</summary>
internal static class Works
{
    public static Pipe<int> Over(this Work work, Pipe<int> input, Witness witness, int failsAt = Witness.Never) => work switch
    {
        Work.Sync => input | Stage.Map<int, int>(item => Body(item, witness, failsAt)),
        Work.SyncToken => input | Stage.Map<int, int>((int item, CancellationToken _) => Body(item, witness, failsAt), workers: 3),
        Work.Async => input | Stage.Map<int, int>((item, token) => BodyAsync(item, witness, failsAt, token), workers: 4),
        Work.Stateful => input | Stage.Map<IDisposable, int, int>(witness.NewState, (_, item) => Body(item, witness, failsAt), workers: 3),
        Work.Unordered => input | Stage.Map<int, int>((item, token) => BodyAsync(item, witness, failsAt, token), workers: 8).With(ordered: false, batch: 1),
        Work.FlatMap => input | Stage.FlatMap<int, int>(item => Twice(Body(item, witness, failsAt)), workers: 2).With(capacity: 1),
        Work.AsyncFlatMap => input | Stage.FlatMap<int, int>((item, token) => TwiceAsync(item, witness, failsAt, token), workers: 3),
        Work.OfAsync => input | Stage.Of<int, int>((items, token) => PassAsync(items, witness, failsAt, token)),
        Work.OfAsyncShared => input | Stage.Of<int, int>((items, token) => PassAsync(items, witness, failsAt, token), workers: 3),
        Work.OfSync => input | Stage.Of<int, int>((IEnumerable<int> items) => Pass(items, witness, failsAt)),
        Work.OfSyncShared => input | Stage.Of<int, int>((IEnumerable<int> items) => Pass(items, witness, failsAt), workers: 2),
        Work.ScatterGather => input
            | Stage.Scatter<int, int>(item => [item, -item])
            | Stage.Map<int, int>(item => Body(item, witness, failsAt), workers: 3).With(ordered: false)
            | Stage.Gather<int, int>(parts => parts[0]),
        Work.Diamond => Pipe.Zip(
            input | Stage.Map<int, int>(item => Body(item, witness, failsAt), workers: 2),
            input | Stage.Map<int, int>((item, token) => BodyAsync(item, witness, Witness.Never, token))) | Stage.Map<(int, int), int>(pair => pair.Item1),
        _ => throw new ArgumentOutOfRangeException(nameof(work)),
    };

    private static int Body(int item, Witness witness, int failsAt)
    {
        using IDisposable visit = witness.Enter();
        return item == failsAt ? throw new TestFailureException("body") : item;
    }

    private static async ValueTask<int> BodyAsync(int item, Witness witness, int failsAt, CancellationToken cancellationToken)
    {
        using IDisposable visit = witness.Enter();
        if (item % 5 == 0) await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return item == failsAt ? throw new TestFailureException("body") : item;
    }

    private static IEnumerable<int> Twice(int item)
    {
        yield return item;
        yield return item;
    }

    private static async IAsyncEnumerable<int> TwiceAsync(int item, Witness witness, int failsAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await BodyAsync(item, witness, failsAt, cancellationToken);
        await Task.Yield();
        yield return item;
    }

    private static async IAsyncEnumerable<int> PassAsync(IAsyncEnumerable<int> items, Witness witness, int failsAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IDisposable visit = witness.Enter();
        await foreach (int item in items.WithCancellation(cancellationToken))
        {
            if (item == failsAt) throw new TestFailureException("body");
            yield return item;
        }
    }

    private static IEnumerable<int> Pass(IEnumerable<int> items, Witness witness, int failsAt)
    {
        using IDisposable visit = witness.Enter();
        foreach (int item in items)
        {
            if (item == failsAt) throw new TestFailureException("body");
            yield return item;
        }
    }
}
