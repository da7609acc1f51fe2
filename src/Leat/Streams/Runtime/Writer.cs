using System.Runtime.CompilerServices;

namespace Leat.Streams;

/// <summary>
/// What one worker has made and not handed over yet; counts what it hands over. The worker adds without a lock; the pulse may hand over what
/// is there when the worker is stuck, so that a finished item never waits for an unfinished one behind it.
/// </summary>
/// <remarks>
/// A worker may add as many items as it has reserved places for (<see cref="Budget"/>), then it flushes and reserves
/// again. Items below <see cref="count"/> are published by its volatile write; <see cref="handed"/> is guarded by the lock.
/// </remarks>
internal sealed class Writer<T>(Link<T> link, Worker worker)
{
    private readonly Lock gate = new();
    private Batch<T> batch = link.Pool.Rent();
    private Slot<T>? slot;
    private int count;
    private int handed;
    private int reserved;
    private int spare;
    private bool detached;

    /// <summary>Items that may still be added before the next flush.</summary>
    public int Budget { get; private set; }

    /// <summary>The items added so far, and room for as many as the budget allows.</summary>
    public T[] Items => batch.Items;

    /// <summary>How many there are. A worker that adds by itself publishes each by a volatile write.</summary>
    public ref int Count => ref count;

    /// <summary>Starts on places that were reserved in the link, in a slot of an ordered output or in none.</summary>
    public void Begin(Slot<T>? into, int places)
    {
        lock (gate)
        {
            slot = into;
            spare = 0;
            reserved = into is null ? places : 0;
            Budget = Math.Min(places, batch.Items.Length);
        }
    }

    public void Add(T item)
    {
        int index = count;
        batch.Items[index] = item;
        Volatile.Write(ref count, index + 1);
    }

    public void AddRange(ReadOnlySpan<T> range)
    {
        int index = count;
        range.CopyTo(batch.Items.AsSpan(index));
        Volatile.Write(ref count, index + range.Length);
    }

    public void AddFailure(ItemFailure failure)
    {
        int index = count;
        batch.Failures ??= new ItemFailure?[batch.Items.Length];
        batch.Failures[index] = failure;
        batch.Items[index] = default!;
        Volatile.Write(ref count, index + 1);
    }

    /// <summary>Items that can be added before the budget is used up.</summary>
    public int Left => Budget - count;

    /// <summary>Adds an item, after waiting for room where there is none; false when no more are wanted.</summary>
    public ValueTask<bool> AddAsync(T item, Lane lane)
    {
        if (Left > 0)
        {
            Add(item);
            return new ValueTask<bool>(true);
        }

        return MakeRoomThenAddAsync(item, lane);
    }

    /// <summary>Hands over what is there and gives back the places that were not needed.</summary>
    public void Flush()
    {
        lock (gate)
        {
            spare += slot is null ? 0 : Math.Max(0, Left);
            HandOver(last: true);
        }
    }

    /// <summary>Hands over, and reserves at least one place again; false when no more are wanted.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MakeRoomAsync(Lane lane, int want = int.MaxValue)
    {
        Slot<T>? into = slot;
        int unused = into is null ? 0 : Math.Max(0, Left) + spare;
        Flush();
        if (unused > 0)
        {
            // These places are the slot's as long as it is open.
            spare = 0;
            Begin(into, unused);
            return true;
        }

        while (!detached)
        {
            int most = Math.Min(Math.Min(want, link.FairShare), batch.Items.Length);
            int granted = into is null ? link.TryReserve(most) : link.TryReserve(into, most);
            if (granted > 0)
            {
                Begin(into, granted);
                return true;
            }

            if (granted < 0)
            {
                return false;
            }

            if (worker.Turn is { } turn)
            {
                // Others may need the pool to make room.
                await turn.PauseAsync(link.WaitForRoomAsync(lane, into)).ConfigureAwait(false);
            }
            else
            {
                await link.WaitForRoomAsync(lane, into).ConfigureAwait(false);
            }
        }

        return false;
    }

    /// <summary>Called by the pulse: hands over what a stuck worker has made so far.</summary>
    public void FlushStuck()
    {
        if (Volatile.Read(ref count) == Volatile.Read(ref handed))
        {
            return;
        }

        lock (gate)
        {
            HandOver(last: false);
        }
    }

    /// <summary>Called by the pulse: places that the worker needs no more; returns how many it had.</summary>
    public int GiveUpPlaces(int places)
    {
        lock (gate)
        {
            int given = Math.Min(places, reserved);
            reserved -= given;
            Budget -= places;
            return given;
        }
    }

    /// <summary>Called when the worker is abandoned: whatever it still adds goes nowhere.</summary>
    public void Detach()
    {
        lock (gate)
        {
            HandOver(last: true);
            detached = true;
        }
    }

    private async ValueTask<bool> MakeRoomThenAddAsync(T item, Lane lane)
    {
        if (!await MakeRoomAsync(lane).ConfigureAwait(false))
        {
            return false;
        }

        Add(item);
        return true;
    }

    private void HandOver(bool last)
    {
        if (detached)
        {
            return;
        }

        int there = Volatile.Read(ref count);
        int fresh = there - handed;
        Batch<T>? full = null;
        if (fresh > 0)
        {
            worker.Out += fresh;
            if (handed == 0 && last)
            {
                full = batch;
                full.Count = there;
                batch = link.Pool.Rent();
            }
            else
            {
                full = link.Pool.Rent();
                full.Append(batch, handed, fresh);
            }
        }

        if (last && handed > 0)
        {
            batch.Count = there;
            link.Pool.Return(batch);
            batch = link.Pool.Rent();
        }

        handed = last ? 0 : there;
        if (last)
        {
            Budget = 0;
            Volatile.Write(ref count, 0);
        }

        Deliver(full, last);
    }

    private void Deliver(Batch<T>? full, bool last)
    {
        if (slot is not null)
        {
            if (full is not null)
            {
                link.Push(slot, full);
            }

            return;
        }

        int release = last ? reserved : Math.Min(reserved, full?.Count ?? 0);
        reserved -= release;
        if (full is not null || release > 0)
        {
            link.Push(full, release);
        }
    }
}
