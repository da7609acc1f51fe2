using System.Diagnostics;
using Leat.Pools;

namespace Leat.Streams;

// Items that a pool's workers do.
internal sealed partial class ItemNode<TIn, TOut>
{
    private static readonly double TicksPerNanosecond = Stopwatch.Frequency / 1e9;

    private ItemWorker<TIn, TOut> CreateWorker()
    {
        var worker = new ItemWorker<TIn, TOut>(this, output, buffered);
        if (options.Pool is ThreadsPool pool)
        {
            worker.Turn = new StageTurn(pool, share, worker.Lane, this);
        }

        return worker;
    }

    private async ValueTask<bool> ProcessInTurnAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, StageTurn turn)
    {
        try
        {
            await turn.TakeAsync().ConfigureAwait(false);
            return await ProcessAsync(worker, body).ConfigureAwait(false);
        }
        finally
        {
            turn.Leave();
        }
    }

    // Goes on with the item that another worker has lost.
    private async ValueTask<bool> ResumeAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, Takeover takeover)
    {
        try
        {
            if (worker.Turn is { } turn)
            {
                await turn.TakeAsync().ConfigureAwait(false);
            }

            return await OneByOneAsync(worker, body, takeover.Started, takeover.Error).ConfigureAwait(false);
        }
        finally
        {
            worker.Turn?.Leave();
        }
    }

    // Called by the pulse: more workers of the pool need more handfuls to work on.
    private void GrowWithPool()
    {
        if (!options.GrowsWithPool || stopped || Workers.Length >= options.Hands)
        {
            return;
        }

        ItemWorker<TIn, TOut> worker = CreateWorker();
        remote?.Enter();
        if (!Launch(worker, () => WorkAsync(worker, null)) && remote is not null)
        {
            Run.Observe(remote.LeaveAsync().AsTask());
        }
    }

    // Gives a claim to another process, and takes what comes of each item: in their order, or as they come.
    private async ValueTask<bool> ProcessElsewhereAsync(ItemWorker<TIn, TOut> worker, RemoteBody<TIn, TOut> body)
    {
        long started = Stopwatch.GetTimestamp();
        worker.Busy = true;
        Batch<TIn> batch = worker.Claim.Batch!;
        Submission<TIn, TOut> submission = body.Submit(batch);
        using CancellationTokenRegistration registration = Token.UnsafeRegister(static it => ((Submission)it!).Cancel(), submission);
        bool isWhole = false;
        try
        {
            isWhole = await TakeOutcomesAsync(worker, body, submission, batch).ConfigureAwait(false);
        }
        finally
        {
            worker.Awaiting = false;
            if (!isWhole)
            {
                submission.Cancel();
            }
        }

        if (worker.HasEnded)
        {
            return false;
        }

        double nanoseconds = submission.Time > 0 ? submission.Time : body.MeanTime * worker.Claim.Done;
        FinishClaim(worker, body, nanoseconds > 0 ? (long)(nanoseconds * TicksPerNanosecond) : Stopwatch.GetTimestamp() - started);
        return isWhole;
    }

    // False when not all outcomes were taken, and the worker must end.
    private async ValueTask<bool> TakeOutcomesAsync(ItemWorker<TIn, TOut> worker, RemoteBody<TIn, TOut> body, Submission<TIn, TOut> submission, Batch<TIn> batch)
    {
        int start = batch.Start;
        bool inOrder = body.IsOrdered;
        for (int i = start; i < batch.End && !inOrder && batch.Failures is not null; i++)
        {
            if (batch.Failures[i] is { } carried && worker.Claim.TryNext(out _))
            {
                await PassOnAsync(worker, body, carried).ConfigureAwait(false);
            }
        }

        while (worker.Claim.TryNext(out int next))
        {
            if (inOrder && batch.Failures?[next] is { } carried)
            {
                await PassOnAsync(worker, body, carried).ConfigureAwait(false);
                continue;
            }

            bool goOn = inOrder
                ? await TakeOutcomeAsync(worker, body, submission, batch, next - start).ConfigureAwait(false)
                : await TakeNextOutcomeAsync(worker, body, submission, batch).ConfigureAwait(false);
            if (worker.Emitter.WasCut)
            {
                EndEarly(worker);
                goOn = false;
            }

            if (!goOn)
            {
                return false;
            }
        }

        // A claim that was cut short, because the node was cancelled, has items that nobody waits for.
        return worker.Claim.Done == batch.Count;
    }

    private async ValueTask<bool> TakeNextOutcomeAsync(ItemWorker<TIn, TOut> worker, RemoteBody<TIn, TOut> body, Submission<TIn, TOut> submission, Batch<TIn> batch)
    {
        while (true)
        {
            int index;
            while (!submission.TryGetNews(out index))
            {
                worker.Awaiting = true;
                await worker.Lane.WaitAsync().ConfigureAwait(false);
            }

            if (await TakeNewsAsync(worker, body, submission, batch, index).ConfigureAwait(false) is { } goOn)
            {
                return goOn;
            }
        }
    }

    private async ValueTask<bool> TakeOutcomeAsync(ItemWorker<TIn, TOut> worker, RemoteBody<TIn, TOut> body, Submission<TIn, TOut> submission, Batch<TIn> batch, int index)
    {
        while (true)
        {
            if (await TakeNewsAsync(worker, body, submission, batch, index).ConfigureAwait(false) is { } goOn)
            {
                return goOn;
            }

            if (submission.IsWaiting(index))
            {
                worker.Awaiting = true;
                await worker.Lane.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    // Takes what is new of an item: null when there is more to come, true when it has ended, false when the worker must end.
    private async ValueTask<bool?> TakeNewsAsync(ItemWorker<TIn, TOut> worker, RemoteBody<TIn, TOut> body, Submission<TIn, TOut> submission, Batch<TIn> batch, int index)
    {
        OutcomeState state = submission.Take(index, out TOut value, out List<TOut>? values, out Exception? error);
        if (state == OutcomeState.Waiting)
        {
            return null;
        }

        bool isFailed = state is OutcomeState.Failed or OutcomeState.NotOpened or OutcomeState.Cancelled;
        if (state == OutcomeState.Done && values is null)
        {
            await worker.Emitter.AddAsync(value).ConfigureAwait(false);
        }
        else if (values is not null && !(isFailed && buffered) && !await AddAllAsync(worker, values).ConfigureAwait(false))
        {
            // Nobody wants more: the body is to end as it would here.
            submission.Refuse();
        }

        if (values is not null)
        {
            submission.GrantCredit(index);
        }

        switch (state)
        {
            case OutcomeState.Part:
                return null;
            case OutcomeState.Done:
                if (buffered)
                {
                    await worker.Emitter.CommitAsync().ConfigureAwait(false);
                }

                return true;
            case OutcomeState.Failed:
                int place = batch.Start + index;
                return await RecoverAsync(worker, body, batch.Items[place], batch.Number + index, error!).ConfigureAwait(false);
            case OutcomeState.NotOpened when !remote!.IsFirstToFail():
                EndEarly(worker);
                return false;
            case OutcomeState.NotOpened:
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error!);
                return false;
            default:
                if (worker.Emitter.WasCut || IsCancelled)
                {
                    EndEarly(worker);
                    return false;
                }

                // Refused, because the output is closed.
                return submission.IsRefused ? true : throw PoolErrors.Disposed();
        }
    }

    private static async ValueTask<bool> AddAllAsync(ItemWorker<TIn, TOut> worker, List<TOut> values)
    {
        foreach (TOut value in values)
        {
            if (!await worker.Emitter.AddAsync(value).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }
}
