namespace Leat.Streams;

// How the workers of one stage share its input.
internal sealed partial class ItemNode<TIn, TOut>
{
    private enum ClaimResult
    {
        Claimed,
        NeedsInput,
        NeedsRoom,
        NeedsNeighbours,
        Ended,
    }

    private ClaimResult TryClaim(ItemWorker<TIn, TOut> worker)
    {
        if (worker.HasEnded || IsCancelled)
        {
            return ClaimResult.Ended;
        }

        ClaimResult result = IsShared ? TryClaimShared(worker) : stopped ? ClaimResult.Ended : TryClaimAlone(worker);
        if (result == ClaimResult.Claimed && IsCancelled)
        {
            // Cancelled between the look and the claim: whoever cancelled has not seen it.
            DropRest(worker);
        }

        return result;
    }

    private ClaimResult TryClaimShared(ItemWorker<TIn, TOut> worker)
    {
        lock (gate)
        {
            if (TryClaimReturned(worker) is { } claimed)
            {
                return claimed;
            }

            if (stopped)
            {
                return ClaimResult.Ended;
            }

            int places = output.TryReserve(grain.Size);
            if (places <= 0)
            {
                return places < 0 ? EndByOutput() : ClaimResult.NeedsRoom;
            }

            if (input.TryTake(places, out Batch<TIn> batch))
            {
                Take(worker, batch, IsOrdered ? output.OpenSlot(places) : null, places);
                return ClaimResult.Claimed;
            }

            output.Unreserve(places);
            return input.End == LinkEnd.Open ? ClaimResult.NeedsInput
                : claimsInHand > 0 ? ClaimResult.NeedsNeighbours
                : ClaimResult.Ended;
        }
    }

    // What was taken from stuck neighbours, the earliest first: in an ordered stage the results of all other workers may
    // have to wait for it. Null when there is nothing.
    private ClaimResult? TryClaimReturned(ItemWorker<TIn, TOut> worker)
    {
        while (returned.TryPeek(out Returned part, out _))
        {
            if (part.Slot is null && !stopped)
            {
                return TryClaimPart(worker, part.Batch);
            }

            returned.Dequeue();

            // After a failure only what comes before the failed item is still wanted.
            if (part.Slot is { } slot && (!stopped || output.IsBeforeTerminal(slot)))
            {
                Take(worker, part.Batch, slot, slot.Reserved);
                return ClaimResult.Claimed;
            }
        }

        return null;
    }

    // Without a slot the items that were returned hold no places: those who work need them.
    private ClaimResult TryClaimPart(ItemWorker<TIn, TOut> worker, Batch<TIn> first)
    {
        int places = output.TryReserve(first.Count);
        if (places <= 0)
        {
            return places < 0 ? EndByOutput() : ClaimResult.NeedsRoom;
        }

        Take(worker, places < first.Count ? input.Pool.Slice(first, places) : returned.Dequeue().Batch, null, places);
        return ClaimResult.Claimed;
    }

    private static void DropRest(ItemWorker<TIn, TOut> worker)
    {
        lock (worker.Claim.Gate)
        {
            worker.Claim.TakeRest();
        }
    }

    private ClaimResult TryClaimAlone(ItemWorker<TIn, TOut> worker)
    {
        int places = output.TryReserve(grain.Size);
        if (places <= 0)
        {
            return places < 0 ? EndByOutput() : ClaimResult.NeedsRoom;
        }

        if (!input.TryTake(places, out Batch<TIn> batch))
        {
            output.Unreserve(places);
            return input.End == LinkEnd.Open ? ClaimResult.NeedsInput : ClaimResult.Ended;
        }

        Take(worker, batch, null, places);
        return ClaimResult.Claimed;
    }

    private ClaimResult EndByOutput()
    {
        input.Close();
        return ClaimResult.Ended;
    }

    private void Take(ItemWorker<TIn, TOut> worker, Batch<TIn> batch, Slot<TOut>? slot, int places)
    {
        claimsInHand += IsShared ? 1 : 0;
        worker.Slot = slot;
        worker.Writer.Begin(slot, places);
        worker.Claim.Begin(batch);
    }

    private void ReleaseHand()
    {
        if (!IsShared)
        {
            return;
        }

        bool last;
        lock (gate)
        {
            last = --claimsInHand == 0 && idle.Count > 0;
        }

        if (last)
        {
            TakeIdle().ForEach(lane => lane.Wake());
        }
    }

    private List<Lane> TakeIdle()
    {
        lock (gate)
        {
            List<Lane> all = [.. idle];
            idle.Clear();
            return all;
        }
    }

    // The input has ended, but a neighbour may get stuck and have some of its items to share.
    private ValueTask WaitForNeighboursAsync(Lane lane)
    {
        lock (gate)
        {
            if (claimsInHand == 0 || returned.Count > 0 || IsCancelled)
            {
                return ValueTask.CompletedTask;
            }

            idle.Add(lane);
        }

        return lane.WaitAsync();
    }

    // Called by the pulse: the worker is stuck in an item, so its neighbours get those behind it.
    private void ShareRest(ItemWorker<TIn, TOut> worker)
    {
        if (!IsShared)
        {
            return;
        }

        lock (gate)
        {
            lock (worker.Claim.Gate)
            {
                (int from, int to) = worker.Claim.TakeRest();
                if (from >= to)
                {
                    return;
                }

                Batch<TIn> source = worker.Claim.Batch!;
                Batch<TIn> rest = input.Pool.Rent();
                rest.Number = source.Number + (from - source.Start);
                rest.Append(source, from, to - from);
                output.Unreserve(worker.Writer.GiveUpPlaces(rest.Count));
                Slot<TOut>? slot = worker.Slot is { } own ? output.SplitSlot(own, rest.Count) : null;
                returned.Enqueue(new Returned(rest, slot), rest.Number);
                beatsToWake = BeatsToWake;
            }
        }

        TakeIdle().ForEach(lane => lane.Wake());
        input.WakeConsumers();
        output.WakeProducers();
    }

    // Once more, for whoever looked before something was returned, and went to sleep after those who slept were woken.
    private void WakeForReturned()
    {
        lock (gate)
        {
            if (beatsToWake == 0 || --beatsToWake > 0) return;
        }

        input.WakeConsumers();
        output.WakeProducers();
    }

    /// <summary>Items that were taken from a stuck worker, and the slot of an ordered output for their results.</summary>
    private readonly record struct Returned(Batch<TIn> Batch, Slot<TOut>? Slot);
}
