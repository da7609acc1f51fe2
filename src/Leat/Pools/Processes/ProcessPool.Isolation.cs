namespace Leat.Pools;

// Workers that do one thing only: whatever that does to its process, nothing else finds it so. While somebody wants such workers, processes
// are started ahead, beside those that are at work: a piece need not wait for the start of its own.
internal sealed partial class ProcessPool
{
    private readonly List<Share<Piece>> isolations = [];

    // How many pieces have been given a worker of their own since the first of the isolations began.
    private int isolated;

    // How many workers there may be: as many may be at work as the pool has places, and as many wait ahead.
    private int Most => isolations.Count > 0 ? 2 * Size : Size;

    private int Busy => links.Count(link => !link.IsRetired && link.Hands.Count > 0);

    /// <summary>From now on there may be sessions, with this share, whose pieces have a worker each.</summary>
    public void BeginIsolation(Share<Piece> share)
    {
        lock (gate)
        {
            isolations.Add(share);
        }
    }

    /// <summary>There are no more of them.</summary>
    public void EndIsolation(Share<Piece> share)
    {
        lock (gate)
        {
            isolations.Remove(share);
            if (isolations.Count == 0) isolated = 0;
        }

        // Those that are too many now end.
        OnResized();
    }

    // How many workers are to be started for pieces that wait, and for those that will come when one has come after another.
    private int MissingFresh()
    {
        if (isolations.Count == 0) return 0;
        int waiting = Math.Min(isolations.Sum(share => share.Waiting.Count), Math.Max(0, Size - Busy));
        int ahead = Math.Clamp(isolated - 1, 0, Size);
        return waiting + ahead - links.Count(link => link.IsFresh && !link.IsRetired) - starting;
    }

    private WorkerLink? FindFresh() => Busy < Size ? links.Find(link => link.IsFresh && !link.IsRetired) : null;

    // Rather one that has worked already: it is of no use to others.
    private WorkerLink? FindIdle() => Busy < Size ? links.Find(link => !link.IsFresh && IsFree(link)) ?? FindFresh() : null;

    private static bool IsFree(WorkerLink link) => !link.IsRetired && link.Owner is null && link.Hands.Count == 0;

    private void Isolate(WorkerLink link, Piece piece)
    {
        link.Owner = piece.Session.Options.Watcher;
        isolated++;
    }

    // Nothing of its own has to be closed.
    private void Discard(WorkerLink link)
    {
        lock (gate)
        {
            link.IsRetired = true;
        }

        KeepUntilEnd(Task.Run(link.Kill));
    }
}
