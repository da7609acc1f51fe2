using System.Diagnostics;

namespace Leat.Streams;

// Who waits for what, and how the link ends.
internal sealed partial class Link<T>
{
    /// <summary>Waits until there may be room. The caller tries again: the wait may end early.</summary>
    public ValueTask WaitForRoomAsync(Lane lane, Slot<T>? slot = null)
    {
        lock (gate)
        {
            if (queued == 0 && consumers.Count > 0)
            {
                TryGrow();
            }

            if (closed || end != LinkEnd.Open || UsedFor(slot) < limit)
            {
                return ValueTask.CompletedTask;
            }

            Enlist(producers, lane);
            slot?.Waiter = lane;
            producersWaited = true;
            if (starvation.IsStarving)
            {
                starvation.HoldBack(Stopwatch.GetTimestamp());
            }
        }

        return lane.WaitAsync();
    }

    /// <summary>Waits until there may be items, or the end. The caller tries again: the wait may end early.</summary>
    public ValueTask WaitForItemsAsync(Lane lane) => MustWaitForItems(lane) ? lane.WaitAsync() : ValueTask.CompletedTask;

    /// <summary>True when there is nothing to take, and the lane will be woken when there may be.</summary>
    public bool MustWaitForItems(Lane lane)
    {
        lock (gate)
        {
            if (queued > 0 || end != LinkEnd.Open || closed)
            {
                return false;
            }

            Enlist(consumers, lane);
            hands = Math.Max(hands, consumers.Count);
            starvation.Begin(Stopwatch.GetTimestamp(), held: false, PartThatWaits);
            if (producersWaited)
            {
                TryGrow();
            }

            // They may wait for room that there is now, or to be told that the consumer starves (a tee). Else they wait again, and say so.
            WakeProducersNow();
        }

        return true;
    }

    /// <summary>Strikes off a consumer that does not wait for items any more.</summary>
    public void Forget(Lane lane)
    {
        lock (gate)
        {
            consumers.Remove(lane);
            EndHungerOfNobody();
        }
    }

    /// <summary>True when the consumer starves although producers wait for room, of which there may be more.</summary>
    public bool MayGrow
    {
        get
        {
            lock (gate)
            {
                return IsShortOfRoom;
            }
        }
    }

    private bool IsAdaptive => capacity is null && limit < LargestAdaptiveLimit;

    private bool IsShortOfRoom => IsAdaptive && queued == 0 && consumers.Count > 0 && producers.Count > 0;

    /// <summary>Makes room when it is time: producers that wait do not look again by themselves.</summary>
    public void GrowIfStarved()
    {
        lock (gate)
        {
            if (IsShortOfRoom)
            {
                TryGrow();
            }
        }
    }

    /// <summary>Called by the last producer: nothing more comes.</summary>
    public void Complete(LinkEnd how)
    {
        lock (gate)
        {
            if (end != LinkEnd.Open)
            {
                return;
            }

            end = how;
            WakeAll(consumers);
            WakeProducersNow();
        }
    }

    /// <summary>Called by the consumer: it wants nothing more.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
            DropAll();
            WakeProducersNow();
            WakeAll(consumers);
        }

        OnClosed?.Invoke();
    }

    /// <summary>Lets every waiting consumer look again.</summary>
    public void WakeConsumers()
    {
        lock (gate)
        {
            WakeAll(consumers);
            EndHungerOfNobody();
        }
    }

    /// <summary>Lets every waiting producer look again.</summary>
    public void WakeProducers()
    {
        lock (gate)
        {
            WakeProducersNow();
        }
    }

    public override void Abort()
    {
        Complete(LinkEnd.Failed);
        Close();
    }

    /// <summary>
    /// Lets the link hold twice as much as now: the branch of a tee whose other branch must run ahead.
    /// <paramref name="beyondBound"/> tells whether that is more than the author, or the engine, would allow.
    /// </summary>
    public int Widen(out bool beyondBound)
    {
        lock (gate)
        {
            limit = (int)Math.Min(limit * 2L, int.MaxValue);
            beyondBound = limit > (capacity ?? LargestAdaptiveLimit);
            return limit;
        }
    }

    /// <summary>True when the consumer waits and there is nothing for it.</summary>
    public bool IsHungry
    {
        get
        {
            lock (gate)
            {
                return queued == 0 && consumers.Count > 0 && !closed;
            }
        }
    }

    /// <summary>Asks to be woken, as a waiting producer is, when there is room or the consumer starves.</summary>
    public void Watch(Lane lane)
    {
        lock (gate)
        {
            Enlist(producers, lane);
        }
    }

    private static void Enlist(List<Lane> waiters, Lane lane)
    {
        if (!waiters.Contains(lane))
        {
            waiters.Add(lane);
        }
    }

    // Those who still want items say so again.
    private void EndHungerOfNobody()
    {
        if (consumers.Count == 0 && starvation.IsStarving)
        {
            starvation.End(Stopwatch.GetTimestamp());
        }
    }

    // Under the lock, which is all right: a wake only queues work.
    private static void WakeAll(List<Lane> waiters)
    {
        foreach (Lane lane in waiters)
        {
            lane.Wake();
        }

        waiters.Clear();
    }

    private static Lane? TakeFirst(List<Lane> waiters)
    {
        if (waiters.Count == 0)
        {
            return null;
        }

        Lane lane = waiters[0];
        waiters.RemoveAt(0);
        return lane;
    }

    private Lane? ConsumerToWake() => TakeFirst(consumers);

    // Not for every free place: a producer that is woken for one item costs more than the item.
    private Lane? ProducerToWake()
    {
        if (producers.Count == 0 || queued + reserved > limit / 2)
        {
            return null;
        }

        Lane? lane = TakeFirst(producers);
        NoteRoom();
        return lane;
    }

    private void WakeProducersNow()
    {
        WakeAll(producers);
        NoteRoom();
    }

    // Nobody waits for room any more: if the consumer still starves, that is the source's affair.
    private void NoteRoom()
    {
        if (producers.Count == 0 && starvation.IsStarving)
        {
            starvation.LetGo(Stopwatch.GetTimestamp());
        }
    }

    // Of those who were ever seen to wait at the same time.
    private double PartThatWaits => (double)consumers.Count / hands;

    // The consumer starves although producers had more, and waited for room: the bound is too tight if the consumer could
    // have taken that much more.
    private void TryGrow()
    {
        long now = Stopwatch.GetTimestamp();
        if (!IsAdaptive || !starvation.IsWorth(limit, now))
        {
            return;
        }

        producersWaited = false;
        limit = Math.Min(limit * 2, LargestAdaptiveLimit);
        starvation.Restart(now);
        WakeAll(producers);
    }

    private void DropAll()
    {
        while (head is not null)
        {
            Batch<T> batch = Dequeue();
            queued -= batch.Count;
            pool.Return(batch);
        }
    }
}
