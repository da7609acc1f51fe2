using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Leat.Streams;

/// <summary>Reads a link item by item, for one consumer; takes no more into its hands than about 250 µs of its work.</summary>
/// <param name="link">The link.</param>
/// <param name="lane">Where the consumer waits.</param>
/// <param name="worker">Told how many items were read, and how long each handful took; may be null.</param>
/// <param name="shared">
/// True when other readers take from the same link: then it takes one item at a time, so that none is held by a
/// consumer that is busy with another.
/// </param>
internal sealed class LinkReader<T>(Link<T> link, Lane lane, Worker? worker = null, bool shared = false)
{
    private Grain grain = new(BatchPool<T>.BatchSize, shared ? 1 : null);
    private Batch<T>? batch;
    private T[] items = [];
    private int index = -1;
    private int end;
    private long takenAt;
    private long finished;
    private long handfuls;

    /// <summary>The item in hand.</summary>
    public T Current => items[index];

    /// <summary>The carried failure that stands in the place of the item in hand, or null.</summary>
    public ItemFailure? Failure => batch!.Failures?[index];

    /// <summary>True when none of the items in hand is a failure.</summary>
    public bool IsClean { get; private set; } = true;

    /// <summary>Place of the item in hand in the input.</summary>
    public long Number => batch!.Number + index - batch.Start;

    /// <summary>How the link ended, once a move has returned false.</summary>
    public LinkEnd End { get; private set; }

    /// <summary>Counts the handfuls taken; for the pulse, which looks from another thread.</summary>
    public long Handfuls => Volatile.Read(ref handfuls);

    /// <summary>Items read so far.</summary>
    public long Read => finished + (batch is null ? 0 : Math.Min(index + 1, end) - batch.Start);

    /// <summary>
    /// The items in hand, for a caller that goes through them by itself, and where the current one stands. Where
    /// failures are among them, the current one only.
    /// </summary>
    public (T[] Items, int Index, int End) Hand => (items, index, IsClean ? end : index + 1);

    /// <summary>Tells how far that caller has come.</summary>
    public void SkipTo(int reached) => index = Math.Max(index, reached);

    /// <summary>True when the next item is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryMoveNext()
    {
        int next = index + 1;
        if (next < end)
        {
            index = next;
            return true;
        }

        return TryTake();
    }

    /// <summary>Moves on to the next item; whoever cancels the token wakes the lane too.</summary>
    public ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken = default) =>
        TryMoveNext() ? new ValueTask<bool>(true) : WaitAsync(cancellationToken);

    /// <summary>Moves on to the next item, blocking the thread until there is one.</summary>
    public bool MoveNextBlocking()
    {
        while (!TryMoveNext())
        {
            if (HasEnded())
            {
                return false;
            }

            if (MustWait())
            {
                lane.Block();
            }
        }

        return true;
    }

    /// <summary>True when no more items come, after a move that found none.</summary>
    public bool HasEnded()
    {
        End = link.End;
        return End != LinkEnd.Open;
    }

    /// <summary>True when there is nothing to take, and the lane will be woken when there may be.</summary>
    public bool MustWait()
    {
        // The time until the next items come is not the consumer's.
        takenAt = 0;
        return link.MustWaitForItems(lane);
    }

    /// <summary>Moves on to the last item in hand, unless carried failures are among those that this would skip.</summary>
    public void SkipToLast()
    {
        if (IsClean)
        {
            index = end - 1;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (!TryMoveNext())
        {
            if (cancellationToken.IsCancellationRequested)
            {
                link.Forget(lane);
                throw new OperationCanceledException(cancellationToken);
            }

            if (HasEnded())
            {
                return false;
            }

            if (MustWait())
            {
                await lane.WaitAsync().ConfigureAwait(false);
            }
        }

        return true;
    }


    private bool TryTake()
    {
        if (batch is not null)
        {
            Finish(batch);
        }

        if (!link.TryTake(grain.Size, out Batch<T> taken))
        {
            return false;
        }

        takenAt = Stopwatch.GetTimestamp();
        Volatile.Write(ref handfuls, handfuls + 1);
        batch = taken;
        items = taken.Items;
        index = taken.Start;
        end = taken.End;
        IsClean = taken.Failures is null;
        return true;
    }

    private void Finish(Batch<T> used)
    {
        int done = used.Count;
        finished += done;
        batch = null;
        items = [];
        index = -1;
        end = 0;
        link.Pool.Return(used);
        if (takenAt != 0)
        {
            long elapsed = Stopwatch.GetTimestamp() - takenAt;
            grain.Adapt(elapsed, done);
            worker?.Times.Record(elapsed, done);
        }

        worker?.CountIn(done);
    }
}
