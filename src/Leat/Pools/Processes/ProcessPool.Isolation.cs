namespace Leat.Pools;

// Workers that do one thing only: whatever that does to its process, nothing else finds it so. While somebody wants such workers, processes
// are started ahead, beside those that are at work: a piece need not wait for the start of its own.
internal sealed partial class ProcessPool
{
    private readonly List<Share<Piece>> isolations = [];

    // What workers that are started ahead do until they are needed: most of what a first piece takes is .NET making its code.
    private (PoolSession Session, byte[] Run)? rehearsal;

    // How many pieces have been given a worker of their own since the first of the isolations began.
    private int isolated;

    // How many workers there may be: as many may be at work as the pool has places, and as many wait ahead.
    private int Most => StartsAhead ? 2 * Size : Size;

    private bool StartsAhead => isolations.Count > 0 && launcher.StartsAhead;

    private int WaitingForFresh => isolations.Sum(share => share.Waiting.Count);

    private int Busy => links.Count(link => !link.IsRetired && link.Hands.Count > 0);

    /// <summary>From now on there may be sessions, with this share, whose pieces have a worker each.</summary>
    /// <param name="share">The share.</param>
    /// <param name="session">A session of the kind that will come, which runs none of the author's code.</param>
    /// <param name="item">An item for it.</param>
    public void BeginIsolation<TIn, TOut>(Share<Piece> share, PoolSession<TIn, TOut> session, TIn item)
    {
        lock (gate)
        {
            isolations.Add(share);
            rehearsal = (session, session.RehearsalMessage(item));
        }
    }

    /// <summary>There are no more of them.</summary>
    public void EndIsolation(Share<Piece> share)
    {
        lock (gate)
        {
            isolations.Remove(share);
            if (isolations.Count == 0) (isolated, rehearsal) = (0, null);
        }

        // Those that are too many now end.
        OnResized();
    }

    private void Rehearse(WorkerLink link)
    {
        (PoolSession Session, byte[] Run)? what;
        lock (gate)
        {
            what = link.IsRehearsing ? rehearsal : null;
            link.IsRehearsing = what is not null;
        }

        if (what is not { } some) return;
        try
        {
            link.Rehearse(some.Session, some.Run);
        }
        catch (Exception)
        {
            // Its stream is broken: what follows from that is the link's to tell.
            link.Kill();
        }
    }

    /// <summary>A worker is ready for what comes.</summary>
    public void OnRehearsed(WorkerLink link)
    {
        lock (gate)
        {
            link.IsRehearsing = false;
        }

        Pump();
    }

    // How many workers are to be started for pieces that wait, and for those that will come when one has come after another.
    private int MissingFresh()
    {
        if (isolations.Count == 0) return 0;
        int waiting = Math.Min(WaitingForFresh, Math.Max(0, Size - Busy));
        int ahead = StartsAhead ? Math.Clamp(isolated - 1, 0, Size) : 0;
        return waiting + ahead - links.Count(link => link.IsFresh && !link.IsRetired) - starting;
    }

    // Where none can be started beside those that there are, one that has worked already, and that nobody needs, makes room for a fresh one.
    private void MakeRoomForFresh()
    {
        if (isolations.Count == 0 || StartsAhead || starting > 0 || WaitingForFresh == 0 || links.Exists(link => link.IsFresh && !link.IsRetired)) return;
        if (links.Find(link => !link.IsFresh && IsFree(link)) is { } used) Retire(used);
    }

    private WorkerLink? FindFresh() => Busy < Size ? links.Find(link => link is { IsFresh: true, IsRehearsing: false, IsRetired: false }) : null;

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
