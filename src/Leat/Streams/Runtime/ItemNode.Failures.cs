using System.Diagnostics;

namespace Leat.Streams;

// What happens to items that fail.
internal sealed partial class ItemNode<TIn, TOut>
{
    // A body that takes a token may need a moment to react to it.
    private static readonly TimeSpan TimeoutGrace = TimeSpan.FromMilliseconds(100);

    /// <summary>Deals with an item on which the body threw; false when the worker must end.</summary>
    private async ValueTask<bool> RecoverAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, TIn item, long number, Exception error)
    {
        OnError policy = options.OnError;
        int attempts = ++worker.Attempts;
        worker.Emitter.Discard();
        while (attempts <= policy.Retries && !IsCancelled)
        {
            Run.Tell(new ItemRetried(new ItemFailure(Name, number, item, error) { Attempts = attempts }));
            if (policy.Delay > TimeSpan.Zero)
            {
                Task delay = Task.Delay(policy.Delay, Run.Clock, Token);
                await (worker.Turn?.PauseAsync(new ValueTask(delay)).AsTask() ?? delay).ConfigureAwait(false);
                await worker.Lane.SwitchAsync().ConfigureAwait(false);
            }

            if (await TryOneAsync(worker, body, item).ConfigureAwait(false) is not { } again)
            {
                worker.Attempts = 0;
                return true;
            }

            worker.Emitter.Discard();
            error = again;
            attempts = ++worker.Attempts;
        }

        worker.Attempts = 0;

        if (IsCancelled)
        {
            if (HasFailed && error is not OperationCanceledException)
            {
                // Side by side with the failure that has ended the run, and not because of it.
                worker.CountFailure();
                Run.Record(new ItemFailure(Name, number, item, error) { Attempts = attempts });
            }

            EndEarly(worker);
            return false;
        }

        return await ResolveAsync(worker, body, item, new ItemFailure(Name, number, item, error) { Attempts = attempts }).ConfigureAwait(false);
    }

    private async ValueTask<bool> ResolveAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, TIn item, ItemFailure failure)
    {
        worker.CountFailure();
        switch (options.OnError.Action)
        {
            case ErrorAction.Skip:
                worker.Skipped++;
                Run.Tell(new ItemSkipped(failure));
                if (lifted)
                {
                    // Its whole item must learn of it: see Gather.
                    await worker.Emitter.AddFailureAsync(failure with { Skipped = true, Place = body.TakePlace(item) }).ConfigureAwait(false);
                }

                return true;

            case ErrorAction.Carry:
                await worker.Emitter.AddFailureAsync(failure with { Place = body.TakePlace(item) }).ConfigureAwait(false);
                return true;

            default:
                Stop(worker, failure);
                return false;
        }
    }

    // The results before the failed item are delivered, then the output ends as failed.
    private void Stop(ItemWorker<TIn, TOut> worker, ItemFailure failure)
    {
        Run.Fail(this, failure);
        EndEarly(worker);
        input.Close();
    }

    // The output ends as failed: an ordered one behind what this worker has made, because what comes later would leave a
    // hole, and any other behind what all workers have in hand.
    private void EndEarly(ItemWorker<TIn, TOut> worker)
    {
        // First of all: what the pulse took later would come behind the end.
        DropRest(worker);
        stopped = true;
        cutShort = true;
        worker.Writer.Flush();
        if (worker.Slot is { } slot)
        {
            worker.Slot = null;
            output.CloseSlot(slot, terminal: true);
        }
    }

    // Called by the pulse for a worker whose item has a timeout.
    private void GiveUpWhenExpired(ItemWorker<TIn, TOut> worker, ItemLease lease)
    {
        TimeSpan grace = takesToken ? TimeoutGrace : TimeSpan.Zero;
        if (!lease.Check(options.Timeout!.Value, grace, Run.Observe))
        {
            return;
        }

        TimeSpan timeout = options.Timeout.Value;
        long started = Stopwatch.GetTimestamp() - (long)(timeout.TotalSeconds * Stopwatch.Frequency);
        var takeover = new Takeover(CurrentItem(worker), worker.Claim.Number, worker.Slot, worker.Attempts, started, StreamErrors.Timeout(Name, timeout));
        worker.Writer.Detach();
        ItemWorker<TIn, TOut> replacement = CreateWorker();
        Replace(worker, replacement, () => WorkAsync(replacement, takeover));
    }

    // Takes an item that another worker has lost into the hands of this one.
    private void Adopt(ItemWorker<TIn, TOut> worker, Takeover takeover)
    {
        Batch<TIn> batch = input.Pool.Rent();
        batch.Items[0] = takeover.Item;
        batch.Count = 1;
        batch.Number = takeover.Number;
        worker.Attempts = takeover.Attempts;
        worker.Slot = takeover.Slot;
        worker.Writer.Begin(takeover.Slot, takeover.Slot?.Reserved ?? 0);
        worker.Claim.Begin(batch);
        worker.Claim.TryNext(out _);
    }

    /// <summary>An item whose body did not return in time, for the worker that goes on in the other one's place.</summary>
    private sealed record Takeover(TIn Item, long Number, Slot<TOut>? Slot, int Attempts, long Started, Exception Error);
}
