namespace Leat.Pools;

// How workers start, and what happens when they end.
internal sealed partial class ProcessPool
{
    // An item that loses so many workers in a row is to blame.
    private const int MostLosses = 3;
    private const int MostFailedStarts = 3;

    private static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan TimeoutGrace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartPause = TimeSpan.FromSeconds(5);

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
        KeepUntilEnd(KillLaterAsync(link, piece, TimeoutGrace, index));
    }

    /// <summary>A worker that has an item with a timeout has not even started on it.</summary>
    public void OnNotStarted(WorkerLink link, Piece piece)
    {
        lock (gate)
        {
            if (!link.Hands.Contains(piece) || !piece.IsWork) return;
            link.KilledFor = piece;
        }

        link.Kill();
    }

    private void StartMissing()
    {
        int there = links.Count(link => !link.IsRetired) + starting;
        if (queue.Count > 0) launcher.NoteDemand();
        int reachable = launcher.Places;
        int wanted = Math.Min(
            Math.Max(Math.Min(Size - there, queue.Count - starting), Math.Min(Most - there, MissingFresh())),
            (StartsAhead && reachable <= Size ? 2 * reachable : reachable) - there);
        if (wanted <= 0) MakeRoomForFresh();
        for (int i = 0; i < wanted && !disposed && !pausesStarts; i++)
        {
            starting++;
            KeepUntilEnd(Task.Run(StartAsync));
        }
    }

    private async Task StartAsync()
    {
        WorkerLink? link = null;
        Exception? failure = null;
        try
        {
            WorkerLink? started = null;
            WorkerConnection? connection = await launcher
                .StartAsync((text, isError) => OnOutput(Volatile.Read(ref started), 0, text, isError), disposal.Token).ConfigureAwait(false);
            if (connection is null)
            {
                OnNoPlace();
                return;
            }

            link = new WorkerLink(this, connection);
            Volatile.Write(ref started, link);
            await link.ConnectAsync().ConfigureAwait(false);
            connection.Started?.Invoke(null);
        }
        catch (Exception error) when (link is { IsLostWithMachine: true } or { Connection.Started: not null })
        {
            if (!link.IsLostWithMachine && !disposed) link.Connection.Started!(error);
            await link.DisposeAsync().ConfigureAwait(false);
            OnNoPlace();
            return;
        }
        catch (Exception error)
        {
            failure = error;
            if (link is not null) await link.DisposeAsync().ConfigureAwait(false);
        }

        bool isHopeless = false;
        lock (gate)
        {
            starting--;
            if (failure is not null)
            {
                isHopeless = NoteFailedStart(failure);
            }
            else if (!link!.IsOver)
            {
                failedStarts = 0;
                links.Add(link);
                link.IsRehearsing = rehearsal is not null && WaitingForFresh == 0;
                if (disposed) link.Kill();
                else if (links.Count(each => !each.IsRetired) > Most) Retire(link);
            }
        }

        if (failure is null) Rehearse(link!);
        if (isHopeless) FailWaiting(disposed ? PoolErrors.Disposed() : failure!);
        else Pump();
    }

    // A machine was not there, or is not any more. Where the launcher has other places, they are taken next.
    private void OnNoPlace()
    {
        lock (gate)
        {
            starting--;
        }

        if (disposed) FailWaiting(PoolErrors.Disposed());
        else Pump();
    }

    void ILauncherWatcher.OnPlacesChanged() => Pump();

    bool ILauncherWatcher.OnHopeless(Exception error)
    {
        FailWaiting(error);
        return true;
    }

    void ILauncherWatcher.OnTold(string text) => outputs.Tell(new WorkerOutput(0, "", text, IsError: true));

    // True when nothing that waits would ever be done, because there are no workers, and there will be none. Where there are
    // some, they go on alone for a while before others are tried again.
    private bool NoteFailedStart(Exception error)
    {
        failedStarts++;
        if (disposed) return true;
        if (failedStarts < MostFailedStarts || starting > 0) return false;
        if (links.Count == 0)
        {
            failedStarts = 0;
            return true;
        }

        pausesStarts = true;
        KeepUntilEnd(PauseStartsAsync());
        if (failedStarts == MostFailedStarts) outputs.Tell(new WorkerOutput(0, "", $"{error.Message}\n", IsError: true));
        return false;
    }

    private async Task PauseStartsAsync()
    {
        await Task.Delay(StartPause, TimeProvider.System, disposal.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            pausesStarts = false;
        }

        Pump();
    }

    private async Task EndAsync(WorkerLink link)
    {
        string end = await link.WaitForEndAsync().ConfigureAwait(false);
        lock (gate)
        {
            link.IsOver = true;
            links.Remove(link);
            if (!disposed && !link.IsRetired) lost++;
            Piece[] hands = [.. link.Hands.Where(piece => piece.Left > 0 || piece.IsLast)];
            link.Hands.Clear();
            bool isBlameless = link.KilledFor is not null || link.IsLostWithMachine;
            int suspects = hands.Where(piece => !piece.Submission.IsCancelled).Sum(piece => piece.Left);
            foreach (Piece piece in hands.Reverse())
            {
                if (piece.Session.Options.IsStateful && !piece.Submission.IsCancelled) Fail(piece, OutcomeState.NotOpened, StateLost(piece.Session));
                else if (piece.TimedOut >= piece.Next) RunAgainBehindLate(piece);
                else if (link.IsLostWithMachine && piece.Session.Options.IsAction) Fail(piece, OutcomeState.Failed, RemoteErrors.MachineLost(link.Machine!, end, hasStarted: true));
                else if (isBlameless) Requeue(piece, piece.Next, piece.To, piece.IsSuspect);
                else RunAgain(piece, isKnown: suspects == 1 || piece.IsSuspect, end, link.Tail);
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

    // The one that took too long has failed; nothing can be said against those behind it.
    private void RunAgainBehindLate(Piece piece)
    {
        piece.Submission.End(piece.Next, OutcomeState.Failed, piece.Session.Options.TimeoutError!());
        piece.Submission.Progress();
        Requeue(piece, piece.Next + 1, piece.To, piece.IsSuspect);
    }

    // Which of the items it was that ended the worker is known only where there is one, or where each result was sent
    // before the next item was started.
    private void RunAgain(Piece piece, bool isKnown, string end, string output)
    {
        int next = piece.Next;
        if (!isKnown || piece.Left == 0 || piece.Submission.IsCancelled)
        {
            Requeue(piece, next, piece.To, isSuspect: true);
            return;
        }

        Requeue(piece, next + 1, piece.To, isSuspect: false);
        int losses = piece.Submission.CountLoss(next);
        if (losses < (piece.Session.Options.IsAction ? 1 : MostLosses))
        {
            Requeue(piece, next, next + 1, isSuspect: true);
            return;
        }

        piece.Submission.End(next, OutcomeState.Failed, PoolErrors.WorkerLost(piece.Session.Options.Name, losses, end, output));
        piece.Submission.Progress();
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

    // Ends the worker if it is still at work on the item then; others that it has in hand are not to blame for it.
    private async Task KillLaterAsync(WorkerLink link, Piece piece, TimeSpan grace, int index)
    {
        await Task.Delay(grace, TimeProvider.System, disposal.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (!IsAtWork(link, piece) || (index >= 0 && piece.Next != index)) return;
            link.KilledFor = piece;
        }

        link.Kill();
    }

    private static bool IsAtWork(WorkerLink link, Piece piece)
    {
        if (piece.Session.Options.IsConcurrent) return link.Hands.Contains(piece) && piece.Left > 0;
        WorkOf(link, out Piece? now);
        return now == piece;
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
