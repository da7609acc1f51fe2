using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>A function over the whole stream that runs in another process: it stays in one worker from its start to its end.</summary>
internal sealed class RemoteStream<TIn, TOut>(ProcessPool pool, string name, Func<PoolTask<TIn, StreamResult<TOut>>> create)
{
    private const int MostAtOnce = 256;

    /// <summary>Makes what a worker process runs.</summary>
    public static Func<PoolTask<TIn, StreamResult<TOut>>> TaskOf(Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> body) =>
        () => new StreamTask<TIn, TOut>(body);

    /// <summary>Runs the function there: sends the items, as many as there are at once, and gives the results.</summary>
    public async IAsyncEnumerable<TOut> RunAsync(IAsyncEnumerable<TIn> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PoolSession<TIn, StreamResult<TOut>> session = pool.Open(new SessionOptions(name) { IsStateful = true }, create);
        try
        {
            IAsyncEnumerator<TIn> input = items.GetAsyncEnumerator(cancellationToken);
            await using ConfiguredAsyncDisposable disposal = input.ConfigureAwait(false);
            List<TIn> batch = [];
            ValueTask<bool> next = input.MoveNextAsync();
            while (true)
            {
                while (batch.Count < MostAtOnce && (batch.Count == 0 || next.IsCompletedSuccessfully) && await next.ConfigureAwait(false))
                {
                    batch.Add(input.Current);
                    next = input.MoveNextAsync();
                }

                bool isLast = batch.Count == 0;
                await foreach (StreamResult<TOut> result in SendAsync(session, isLast ? new TIn[1] : [.. batch], isLast, cancellationToken).ConfigureAwait(false))
                {
                    if (result.IsEnd) yield break;
                    yield return result.Value;
                }

                if (isLast) yield break;
                batch.Clear();
            }
        }
        finally
        {
            await pool.CloseAsync(session).ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<StreamResult<TOut>> SendAsync(
        PoolSession<TIn, StreamResult<TOut>> session,
        TIn[] items,
        bool isLast,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // A thread that has just taken the last outcome in may still release it, and it holds no handle.
        var progress = new SemaphoreSlim(0);
#pragma warning restore CA2000
        Submission<TIn, StreamResult<TOut>> submission = session.Submit(items, [(0, isLast ? 0 : items.Length)], isLast, () => progress.Release());
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static it => ((Submission)it!).Cancel(), submission);
        bool isWhole = false;
        try
        {
            for (int i = 0; i < items.Length;)
            {
                OutcomeState state = submission.Take(i, out StreamResult<TOut> value, out List<StreamResult<TOut>>? values, out Exception? error);
                foreach (StreamResult<TOut> each in values ?? (state == OutcomeState.Done ? [value] : []))
                {
                    yield return each;
                }

                if (values is not null)
                {
                    submission.GrantCredit(i);
                }

                switch (state)
                {
                    case OutcomeState.Waiting:
                        await progress.WaitAsync(CancellationToken.None).ConfigureAwait(false);
                        break;
                    case OutcomeState.Part:
                        break;
                    case OutcomeState.Done:
                        i++;
                        break;
                    case OutcomeState.Cancelled:
                        throw new OperationCanceledException(cancellationToken);
                    default:
                        ExceptionDispatchInfo.Throw(error!);
                        break;
                }
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                submission.Cancel();
            }
        }
    }
}

/// <summary>What whole-stream stages on processes are made of.</summary>
internal static class RemoteStream
{
    /// <summary>The stage's function, run by a worker of a pool.</summary>
    /// <exception cref="LeatException">It can't go to another process.</exception>
    public static Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> Place<TIn, TOut>(
        ProcessPool pool,
        string name,
        Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> body)
    {
        Func<PoolTask<TIn, StreamResult<TOut>>> create = RemoteStream<TIn, TOut>.TaskOf(body);
        RemoteStage.Check<TIn, TOut>(create);
        return new RemoteStream<TIn, TOut>(pool, name, create).RunAsync;
    }

    /// <summary>A function that blocks, as one that does not.</summary>
    public static async IAsyncEnumerable<TOut> UnblockAsync<TIn, TOut>(Func<IEnumerable<TIn>, IEnumerable<TOut>> body, IAsyncEnumerable<TIn> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<TOut> results = await Task.Run(() => body(items.ToBlockingEnumerable(cancellationToken)).GetEnumerator(), CancellationToken.None).ConfigureAwait(false);
        while (await Task.Run(results.MoveNext, CancellationToken.None).ConfigureAwait(false))
        {
            yield return results.Current;
        }
    }
}
