namespace Leat.Pools;

// How workers start, and what happens when they end.
internal sealed partial class ProcessPool
{
    // An item that loses so many workers in a row is to blame.
    private const int MostLosses = 3;
    private const int MostFailedStarts = 3;

    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan TimeoutGrace = TimeSpan.FromMilliseconds(100);

    /// <summary>The worker's stream has ended.</summary>
    public void OnDisconnected(WorkerLink link) => KeepUntilEnd(EndAsync(link));

    /// <summary>An item takes longer than it may.</summary>
    public void OnTimeout(WorkerLink link, Piece piece, int index)
    {
        lock (gate)
        {
            if (!link.Hands.Contains(piece) || piece.Next != index) return;
            piece.TimedOut = index;
        }

        link.Tell(piece, ToWorker.Cancel);
        KillLater(link, piece, TimeoutGrace, () => piece.Next == index);
    }

    private void StartMissing()
    {
        int there = links.Count(link => !link.IsRetired) + starting;
        int wanted = Math.Min(Size - there, queue.Count - starting);
        for (int i = 0; i < wanted && !disposed; i++)
        {
            starting++;
            KeepUntilEnd(Task.Run(StartAsync));
        }
    }

    private async Task StartAsync()
    {
        WorkerLink? link = null;
        try
        {
            WorkerLink? started = null;
            WorkerConnection connection = await launcher
                .StartAsync((text, isError) => OnOutput(Volatile.Read(ref started), 0, text, isError), disposal.Token).ConfigureAwait(false);
            link = new WorkerLink(this, connection);
            Volatile.Write(ref started, link);
            await link.ConnectAsync().ConfigureAwait(false);
            lock (gate)
            {
                starting--;
                failedStarts = 0;
                links.Add(link);
                if (disposed || links.Count(each => !each.IsRetired) > Size) Retire(link);
            }

            Pump();
        }
        catch (Exception error)
        {
            if (link is not null) await link.DisposeAsync().ConfigureAwait(false);
            bool isHopeless;
            lock (gate)
            {
                starting--;
                failedStarts++;

                // Others may be there, and go on alone; if none is, nothing that waits would ever be done.
                isHopeless = disposed || (failedStarts >= MostFailedStarts && links.Count == 0);
            }

            if (isHopeless) FailWaiting(disposed ? PoolErrors.Disposed() : error);
            else Pump();
        }
    }

    private async Task EndAsync(WorkerLink link)
    {
        string end = await link.WaitForEndAsync().ConfigureAwait(false);
        List<Piece> failed = [];
        lock (gate)
        {
            links.Remove(link);
            if (!disposed && !link.IsRetired) lost++;
            Piece[] hands = [.. link.Hands.Where(piece => piece.Left > 0 || piece.IsLast)];
            link.Hands.Clear();
            Piece? late = hands.FirstOrDefault(piece => piece.TimedOut >= piece.Next && piece.TimedOut >= 0);
            int suspects = hands.Count(piece => !piece.Submission.IsCancelled) == 1 ? hands[0].Left : 2;
            foreach (Piece piece in hands.Reverse())
            {
                if (disposed) Fail(piece, OutcomeState.NotOpened, PoolErrors.Disposed());
                else if (piece.Submission.IsCancelled) Fail(piece, OutcomeState.Cancelled, error: null);
                else if (piece.Session.Options.IsStateful) Fail(piece, OutcomeState.NotOpened, StateLost(piece.Session));
                else if (late is not null) RunAgainBehind(piece, late);
                else RunAgain(piece, suspects, end, link.Tail);
            }

            foreach (PoolSession session in sessions.Where(session => session.OpenOn.RemoveWhere(open => open.Link == link) > 0).ToArray())
            {
                if (session.Options.IsStateful && !session.IsClosing)
                {
                    session.StateLost = StateLost(session);
                    queue.Remove(session.Share, _ => true).ForEach(piece => Fail(piece, OutcomeState.NotOpened, session.StateLost));
                }

                if (session.IsClosing && session.OpenOn.Count == 0) Forget(session);
            }
        }

        await link.DisposeAsync().ConfigureAwait(false);
        Pump();

        WorkerLostException StateLost(PoolSession session) => PoolErrors.WorkerLost(session.Options.Name, 1, end, link.Tail);
    }

    // The one that took too long has failed; nothing can be said against the others.
    private void RunAgainBehind(Piece piece, Piece late)
    {
        if (piece == late)
        {
            piece.Submission.End(piece.Next, OutcomeState.Failed, piece.Session.Options.TimeoutError!());
            piece.Submission.Progress();
            piece.Next++;
        }

        Again(piece, piece.Next, piece.To, isSuspect: piece.IsSuspect);
    }

    // Which of the items it was that ended the worker is known only where there is one, or where each result was sent
    // before the next item was started.
    private void RunAgain(Piece piece, int suspects, string end, string output)
    {
        int next = piece.Next;
        bool isKnown = suspects == 1 || piece.IsSuspect;
        if (piece.Left == 0) return;
        if (!isKnown)
        {
            Again(piece, next, piece.To, isSuspect: true);
            return;
        }

        Again(piece, next + 1, piece.To, isSuspect: false);
        int losses = piece.Submission.CountLoss(next);
        if (losses >= MostLosses)
        {
            piece.Submission.End(next, OutcomeState.Failed, PoolErrors.WorkerLost(piece.Session.Options.Name, losses, end, output));
            piece.Submission.Progress();
            return;
        }

        Again(piece, next, next + 1, isSuspect: true);
    }

    private void Again(Piece piece, int from, int to, bool isSuspect)
    {
        for (int i = from; i < to; i++)
        {
            piece.Submission.Restart(i);
        }

        if (from < to) queue.Add(piece.Session.Share, new Piece(piece.Submission, from, to) { IsSuspect = isSuspect, IsLast = piece.IsLast }, first: true);
    }

    private void FailWaiting(Exception error)
    {
        lock (gate)
        {
            foreach (PoolSession session in sessions)
            {
                foreach (Piece piece in queue.Remove(session.Share, _ => true))
                {
                    Fail(piece, OutcomeState.NotOpened, error);
                }
            }
        }
    }

    // Ends the worker if the piece is still in its hands then.
    private void KillLater(WorkerLink link, Piece piece, TimeSpan grace, Func<bool> stillHolds) => KeepUntilEnd(KillLaterAsync(link, piece, grace, stillHolds));

    private async Task KillLaterAsync(WorkerLink link, Piece piece, TimeSpan grace, Func<bool> stillHolds)
    {
        await Task.Delay(grace, TimeProvider.System, disposal.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (!link.Hands.Contains(piece) || !stillHolds()) return;
        }

        link.Kill();
    }

    // What the pool does by itself is over when the pool is.
    private void KeepUntilEnd(Task task)
    {
        lock (gate)
        {
            ends.RemoveAll(each => each.IsCompleted);
            ends.Add(task);
        }
    }
}
