namespace Leat.Streams;

// How an ordered stage with several workers puts its results in order.
internal sealed partial class Link<T>
{
    /// <summary>
    /// Reserves more places for a slot whose reservation is used up. The first slot gets them whatever the later ones
    /// hold, so that it can always go on.
    /// </summary>
    public int TryReserve(Slot<T> slot, int want)
    {
        lock (gate)
        {
            if (closed || end != LinkEnd.Open)
            {
                return -1;
            }

            int granted = Math.Max(0, Math.Min(want, limit - UsedFor(slot)));
            slot.Reserved += granted;
            reserved += granted;
            return granted;
        }
    }

    /// <summary>Opens the next slot in order, with places that were reserved before.</summary>
    public Slot<T> OpenSlot(int places)
    {
        lock (gate)
        {
            Slot<T> slot = RentSlot(places);
            if (lastSlot is null)
            {
                firstSlot = slot;
            }
            else
            {
                lastSlot.Next = slot;
            }

            lastSlot = slot;
            return slot;
        }
    }

    /// <summary>Opens a slot right behind another, for the part of its input that goes to another worker.</summary>
    public Slot<T> SplitSlot(Slot<T> slot, int places)
    {
        lock (gate)
        {
            places = Math.Min(places, slot.Reserved);
            slot.Reserved -= places;
            Slot<T> second = RentSlot(places);
            second.Next = slot.Next;
            slot.Next = second;
            lastSlot = lastSlot == slot ? second : lastSlot;
            return second;
        }
    }

    /// <summary>Queues a batch of a slot's results, or keeps it in the slot until its turn comes.</summary>
    public void Push(Slot<T> slot, Batch<T> batch)
    {
        Lane? wakeConsumer = null;
        lock (gate)
        {
            if (slot != firstSlot)
            {
                slot.Hold(batch);
            }
            else
            {
                Release(slot, batch.Count);
                if (Append(batch))
                {
                    wakeConsumer = ConsumerToWake();
                }
            }

            AssertInvariants();
        }

        wakeConsumer?.Wake();
    }

    /// <summary>
    /// Says that a slot's results are complete; behind a <paramref name="terminal"/> one the link ends as failed.
    /// </summary>
    public void CloseSlot(Slot<T> slot, bool terminal = false)
    {
        Lane? wakeConsumer = null;
        Lane? wakeProducer;
        Lane? wakeFirst;
        lock (gate)
        {
            slot.Closed = true;
            slot.Terminal = terminal;
            if (slot == firstSlot)
            {
                if (AdvanceSlots())
                {
                    wakeConsumer = ConsumerToWake();
                }
            }
            else
            {
                // Results that do not come need no places.
                Release(slot, Math.Max(0, slot.Reserved - slot.Held));
            }

            wakeProducer = ProducerToWake();
            wakeFirst = firstSlot?.Waiter;
            firstSlot?.Waiter = null;
            if (wakeFirst is not null)
            {
                producers.Remove(wakeFirst);
            }

            if (end != LinkEnd.Open)
            {
                WakeAll(consumers);
                WakeAll(producers);
            }

            AssertInvariants();
        }

        wakeConsumer?.Wake();
        wakeProducer?.Wake();
        wakeFirst?.Wake();
    }

    /// <summary>True when the results of the slot are delivered although the output ends as failed further on.</summary>
    public bool IsBeforeTerminal(Slot<T> slot)
    {
        lock (gate)
        {
            for (Slot<T>? later = slot; later is not null; later = later.Next)
            {
                if (later.Terminal)
                {
                    return true;
                }
            }

            return false;
        }
    }

    // The places that stand in the way of one more for the slot, or for a new claim.
    private int UsedFor(Slot<T>? slot) => slot is not null && slot == firstSlot ? queued : queued + reserved;

    private Slot<T> RentSlot(int places)
    {
        Slot<T> slot = freeSlots ?? new Slot<T>();
        freeSlots = slot.Next;
        slot.Next = null;
        slot.Reserved = places;
        slot.Closed = false;
        slot.Terminal = false;
        slot.Waiter = null;
        return slot;
    }

    private void Release(Slot<T> slot, int count)
    {
        int released = Math.Min(slot.Reserved, count);
        slot.Reserved -= released;
        reserved -= released;
    }

    // Called when the first slot is closed: its successors' results go on, up to the first that is still open.
    private bool AdvanceSlots()
    {
        bool any = false;
        while (firstSlot is { } slot)
        {
            while (slot.TakeHeld() is { } batch)
            {
                Release(slot, batch.Count);
                any |= Append(batch);
            }

            if (!slot.Closed)
            {
                break;
            }

            Release(slot, slot.Reserved);
            firstSlot = slot.Next;
            lastSlot = firstSlot is null ? null : lastSlot;
            if (slot.Terminal)
            {
                end = end == LinkEnd.Open ? LinkEnd.Failed : end;
            }

            slot.Next = freeSlots;
            freeSlots = slot;
        }

        return any;
    }
}
