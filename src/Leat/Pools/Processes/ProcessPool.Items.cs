namespace Leat.Pools;

// What workers and submissions tell about items.
internal sealed partial class ProcessPool
{
    /// <summary>A piece that a worker has in hand; null when it was given up.</summary>
    public Piece? FindPiece(WorkerLink link, ulong id)
    {
        lock (gate)
        {
            return link.Hands.Find(piece => piece.Id == id);
        }
    }

    /// <summary>The worker is through with a piece.</summary>
    public void OnEnded(WorkerLink link, Piece piece, long nanoseconds)
    {
        lock (gate)
        {
            if (!link.Hands.Remove(piece)) return;

            // That they were given back may be told a moment later.
            GiveBack(piece, piece.Next);
            FairQueue<Piece>.Charge(piece.Session.Share, nanoseconds - piece.Estimate);
            piece.Session.NoteTime(nanoseconds, piece.Next - piece.From);
            piece.Submission.AddTime(nanoseconds);
            if (link.Owner is not null) Discard(link);
            else EndIfRetired(link);
        }

        Pump();
    }

    /// <summary>The worker has not started the items from an index on, and won't.</summary>
    public void OnReturned(WorkerLink link, ulong id, int from)
    {
        lock (gate)
        {
            if (FindPiece(link, id) is not { } piece) return;
            link.IsHeldUp = true;
            GiveBack(piece, piece.From + from);
        }

        Pump();
    }

    /// <summary>An item's results have to be taken before its worker can go on with it.</summary>
    public void OnBlocked(WorkerLink link, ulong id)
    {
        lock (gate)
        {
            if (FindPiece(link, id) is not { } piece) return;
            piece.IsBlocked = true;
        }

        Pump();
    }

    /// <summary>Takes the items from an index on out of a piece that is being sent.</summary>
    public void Split(WorkerLink link, Piece piece, int index)
    {
        lock (gate)
        {
            // Or the worker is lost already, and the items wait for another one.
            if (!link.Hands.Contains(piece)) return;
            int to = piece.To;
            piece.To = index;

            // One that can't be encoded has its outcome already.
            Requeue(piece, piece.Submission.HasFailed(index) ? index + 1 : index, to, piece.IsSuspect);
        }
    }

    /// <summary>Takes a piece back whose session was closed before it was sent.</summary>
    public void TakeBack(WorkerLink link, Piece piece)
    {
        lock (gate)
        {
            if (link.Hands.Remove(piece)) Fail(piece, OutcomeState.Cancelled, error: null);
        }
    }

    /// <summary>A worker has disposed its state of a session.</summary>
    public void OnClosed(WorkerLink link, ulong id, Exception? error)
    {
        lock (gate)
        {
            if (sessions.FirstOrDefault(each => each.Id == id / PoolSession.MostInstances) is not { } session) return;
            session.CloseError ??= error;
            session.OpenOn.Remove((link, (int)(id % PoolSession.MostInstances)));
            EndIfRetired(link);
            if (session.IsClosing && session.OpenOn.Count == 0) Forget(session);
        }
    }

    /// <summary>A worker has written to its console.</summary>
    public void OnOutput(WorkerLink? link, ulong claim, string text, bool isError)
    {
        string stage = "";
        if (link is not null)
        {
            link.NoteOutput(text);
            if (link.Owner is { } owner)
            {
                owner.OnOutput(text);
                return;
            }

            PoolSession? session = OwnerOf(link, claim)?.Session;
            if (session?.Options.Watcher is { } watcher)
            {
                watcher.OnOutput(text);
                return;
            }

            stage = session?.Options.Name ?? "";
        }

        (link?.Outputs ?? outputs).Tell(new WorkerOutput(link?.ProcessId ?? 0, stage, text, isError) { Machine = link?.Machine ?? "" });
    }

    // What a worker has written: a program that it has started does not say for which piece, but where there is one only that is clear.
    private Piece? OwnerOf(WorkerLink link, ulong claim)
    {
        if (claim != 0) return FindPiece(link, claim);
        lock (gate)
        {
            return link.Hands is [{ Session.Options.IsConcurrent: true } only] ? only : null;
        }
    }

    /// <summary>The results of a submission are of no more use.</summary>
    public void Cancel(Submission submission)
    {
        submission.IsCancelled = true;
        List<(WorkerLink Link, Piece Piece)> inHand;
        lock (gate)
        {
            // Under one lock, or a piece could go from the queue into a hand between the two.
            queue.Remove(submission.Session.Share, piece => piece.Submission == submission).ForEach(static piece => Fail(piece, OutcomeState.Cancelled, error: null));
            inHand = InHand(submission);
        }

        foreach ((WorkerLink link, Piece piece) in inHand)
        {
            if (link.Owner is not null)
            {
                Discard(link);
                continue;
            }

            link.Tell(piece, ToWorker.Cancel);
            KeepUntilEnd(KillLaterAsync(link, piece, submission.Session.Options.IsConcurrent ? TimeoutGrace : CancelGrace, index: -1));
        }
    }

    /// <summary>No more results are wanted of the items of a submission that are at work.</summary>
    public void Refuse(Submission submission)
    {
        foreach ((WorkerLink link, Piece piece) in InHand(submission))
        {
            link.Tell(piece, ToWorker.Enough);
        }
    }

    /// <summary>Parts of an item's results were taken.</summary>
    public void GrantCredit(Submission submission, int index, int parts)
    {
        if (parts == 0) return;
        List<(WorkerLink Link, Piece Piece)> inHand;
        lock (gate)
        {
            inHand = InHand(submission).FindAll(each => each.Piece.IsLast || (each.Piece.From <= index && index < each.Piece.To));
            inHand.ForEach(static each => each.Piece.IsBlocked = false);
        }

        foreach ((WorkerLink link, Piece piece) in inHand)
        {
            for (int i = 0; i < parts; i++)
            {
                link.Tell(piece, ToWorker.More);
            }
        }
    }

    private List<(WorkerLink Link, Piece Piece)> InHand(Submission submission)
    {
        lock (gate)
        {
            return [.. links.SelectMany(link => link.Hands.Where(piece => piece.Submission == submission).Select(piece => (link, piece)))];
        }
    }

    // Takes the items from an index on out of a piece, for another worker.
    private void GiveBack(Piece piece, int from)
    {
        int to = piece.To;
        if (from >= to) return;
        piece.To = from;
        Requeue(piece, from, to, piece.IsSuspect, wasReturned: true);
    }

    // Items of a piece that nobody has in hand any more wait before all later ones of their session.
    private void Requeue(Piece piece, int from, int to, bool isSuspect, bool wasReturned = false)
    {
        if (from >= to && !(piece.IsLast && piece.To == to)) return;
        var rest = new Piece(piece.Submission, from, to) { IsSuspect = isSuspect, WasReturned = wasReturned, IsLast = piece.IsLast };
        if (disposed)
        {
            Fail(rest, OutcomeState.NotOpened, PoolErrors.Disposed());
        }
        else if (rest.Submission.IsCancelled)
        {
            Fail(rest, OutcomeState.Cancelled, error: null);
        }
        else
        {
            for (int i = from; i < to; i++)
            {
                rest.Submission.Restart(i);
            }

            queue.Add(rest.Session.Share, rest, Piece.InOrder);
        }
    }
}
