namespace Leat.Pools;

/// <summary>
/// A pool whose workers are threads: it only says who may work. A <see cref="Turn"/> is taken for a handful of items, and given
/// back while its owner waits for others.
/// </summary>
internal sealed class ThreadsPool(int workers) : Pool(workers)
{
    private readonly Lock gate = new();
    private readonly FairQueue<Turn> queue = new();
    private int taken;
    private long done;
    private bool disposed;

    /// <summary>Takes a turn, or gets into the queue for one, and is woken when it has come.</summary>
    /// <returns>True when it was taken at once.</returns>
    public bool TryTake(Turn turn)
    {
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            if (taken < Size && queue.Count == 0)
            {
                taken++;
                return turn.IsTaken = true;
            }

            queue.Add(turn.Share, turn);
            return false;
        }
    }

    /// <summary>Gives a turn back, or its place in the queue.</summary>
    /// <param name="turn">Which.</param>
    /// <param name="time">How long it was held.</param>
    public void Leave(Turn turn, TimeSpan time)
    {
        lock (gate)
        {
            if (!turn.IsTaken)
            {
                queue.Remove(turn.Share, each => each == turn);
                return;
            }

            turn.IsTaken = false;
            FairQueue<Turn>.Charge(turn.Share, time.Ticks);
            taken--;
            done++;
        }

        GiveOut();
    }

    public override PoolStats Stats()
    {
        lock (gate)
        {
            return new PoolStats(Size, taken, taken, queue.Count, done, Lost: 0);
        }
    }

    public override ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
        }

        return ValueTask.CompletedTask;
    }

    private protected override void OnResized() => GiveOut();

    private void GiveOut()
    {
        while (true)
        {
            Turn next;
            lock (gate)
            {
                if (taken >= Size || !queue.TryTake(static _ => true, out (Share<Turn> Share, Turn Item) found)) return;
                taken++;
                next = found.Item;
                next.IsTaken = true;
            }

            next.Wake();
        }
    }
}

/// <summary>The right of one worker of a stage to work, when it is its turn.</summary>
/// <param name="share">What its stage has had of the pool.</param>
/// <param name="wake">Called when the turn has come.</param>
internal sealed class Turn(Share<Turn> share, Action wake)
{
    private volatile bool taken;

    public Share<Turn> Share => share;

    public bool IsTaken
    {
        get => taken;
        set => taken = value;
    }

    public void Wake() => wake();
}
