using System.Diagnostics;
using Leat.Pools;

namespace Leat.Calls;

/// <summary>Makes calls on threads, as many at the same time as the pool has turns to give.</summary>
/// <remarks>
/// A thread takes a call when it has a turn of the pool. A call that is asynchronous keeps the turn until it has ended, but not the
/// thread. Threads are started when there is something to do for them, one by one: each that takes a call wakes the next one if
/// there is another.
/// </remarks>
internal sealed class ThreadsExecutor(Evaluation run, ThreadsPool pool) : Executor(run)
{
    private readonly Share<Turn> share = new();
    private readonly Stack<Turn> turns = [];
    private readonly Stack<CallWorker> idle = [];
    private readonly HashSet<CallWorker> workers = [];
    private readonly HashSet<CallSite> pending = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Turn? wanted;
    private Exception? refusal;
    private bool closed;

    public override Task Ended => ended.Task;

    protected override int Size => pool.Size;

    public override void Pump()
    {
        if (CallWorker.Current?.Executor == this) return;
        CallWorker? woken;
        lock (Run.Gate)
        {
            if (closed || Next() is null) return;
            if (!idle.TryPop(out woken))
            {
                if (workers.Count >= pool.Size) return;
                woken = new CallWorker(this);
                workers.Add(woken);
                woken.Start();
                return;
            }
        }

        woken.Signal();
    }

    public override void Close()
    {
        CallWorker[] all;
        lock (Run.Gate)
        {
            closed = true;
            all = [.. idle];
            idle.Clear();
        }

        foreach (CallWorker worker in all) worker.Signal();
        GiveBackUnused();
        EndIfDone();
    }

    public override void LeaveAllBehind()
    {
        CallSite[] all;
        lock (Run.Gate) all = [.. pending, .. workers.Select(worker => worker.Site).OfType<CallSite>()];
        foreach (CallSite site in all)
        {
            if (!site.TryEnd()) continue;
            site.Flight?.GiveUp();
            if (site.Worker is { } worker) worker.LeaveBehind(site);
        }
    }

    /// <summary>Takes a call for a worker; null when there is none, and the worker has to wait, or to end.</summary>
    public CallSite? Take(CallWorker worker, out bool isOver)
    {
        CallSite? site = null;
        bool more;
        bool feeds;
        lock (Run.Gate)
        {
            isOver = closed || worker.IsLeftBehind || workers.Count > pool.Size;
            while (!isOver && Next() is { } node)
            {
                if (worker.Turn is null && refusal is null && !TryTurn(out worker.Turn)) break;
                site = worker.NewSite();
                if (TryTake(node, site)) break;
                site = null;
            }

            worker.Site = site;
            if (site is null && !isOver) idle.Push(worker);
            if (isOver) workers.Remove(worker);
            more = Next() is not null;
            feeds = Run.HasHungrySources;
        }

        if (site is null)
        {
            GiveBack(worker);
            if (!more) GiveBackUnused();
            if (Run.IsStreaming) Run.LetWork();
        }

        if (isOver)
        {
            EndIfDone();
            // It may have been woken for a call that is left to another.
            WakeNext();
        }

        if (feeds) Run.LetSourcesWork();
        if (Run.WantsPump) Run.Pump();
        if (site is not null && more) WakeNext();
        return site;
    }

    /// <summary>Makes a call.</summary>
    public void Make(CallWorker worker, CallSite site)
    {
        site.Worker = worker;
        if ((refusal ?? Refuse(site)) is { } reason)
        {
            site.Node.Fail(site, reason);
            Done(worker, site);
            return;
        }

        // Its timer may come late, and must find no other call in its place.
        if (site.Node.Options.Limit is not null) worker.Forget(site);
        Task task = site.Node.ExecuteAsync(site);
        if (task.IsCompleted)
        {
            Done(worker, site);
            return;
        }

        // The turn stays with the call, and the thread goes on with another.
        lock (Run.Gate)
        {
            if (worker.IsLeftBehind) return;
            site.Turn = (worker.Turn!, worker.Since);
            worker.Turn = null;
            worker.Forget(site);
            worker.Site = null;
            pending.Add(site);
        }

        _ = task.ContinueWith((_, it) => LeavePending((CallSite)it!), site, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>A call does not return: its place is for others.</summary>
    public void LeaveBehind(CallWorker worker, CallSite site)
    {
        Turn? turn = null;
        lock (Run.Gate)
        {
            if (worker.Site == site && workers.Remove(worker))
            {
                worker.IsLeftBehind = true;
                worker.Site = null;
                turn = worker.Turn;
                worker.Turn = null;
                Leave(site);
            }
        }

        if (turn is not null) pool.Leave(turn, Stopwatch.GetElapsedTime(worker.Since));
        LeavePending(site);
    }

    // An asynchronous call has ended, or is left behind.
    private void LeavePending(CallSite site)
    {
        bool isMine;
        lock (Run.Gate)
        {
            isMine = pending.Remove(site);
            if (isMine) Leave(site);
        }

        if (isMine) pool.Leave(site.Turn!.Value.Turn, Stopwatch.GetElapsedTime(site.Turn.Value.Since));
        EndIfDone();
        Run.Pump();
    }

    private void Done(CallWorker worker, CallSite site)
    {
        lock (Run.Gate)
        {
            if (worker.IsLeftBehind) return;
            worker.Site = null;
            Leave(site);
        }

        // Others who share the pool have their turn.
        if (Stopwatch.GetElapsedTime(worker.Since) > CallWorker.Slice) GiveBack(worker);
    }

    private bool TryTurn(out Turn? turn)
    {
        if (turns.TryPop(out turn)) return true;
        if (wanted is not null) return false;
        Turn asked = null!;
        asked = new Turn(share, () => OnTurn(asked));
        wanted = asked;
        try
        {
            if (!pool.TryTake(asked)) return false;
            turn = asked;
        }
        catch (ObjectDisposedException error)
        {
            // All calls fail with it.
            refusal = error;
        }

        wanted = null;
        return true;
    }

    private void OnTurn(Turn turn)
    {
        bool isOver;
        lock (Run.Gate)
        {
            wanted = null;
            isOver = closed || Next() is null;
            if (!isOver) turns.Push(turn);
        }

        if (isOver) pool.Leave(turn, TimeSpan.Zero);
        else WakeNext();
    }

    // Also from a worker, for another one.
    private void WakeNext()
    {
        CallWorker? current = CallWorker.Current;
        CallWorker.Current = null;
        Pump();
        CallWorker.Current = current;
    }

    private void GiveBack(CallWorker worker)
    {
        if (worker.Turn is not { } turn) return;
        worker.Turn = null;
        pool.Leave(turn, Stopwatch.GetElapsedTime(worker.Since));
    }

    // Turns that nobody has use for, and the place in the queue for one.
    private void GiveBackUnused()
    {
        List<Turn> all;
        lock (Run.Gate)
        {
            // A call may have come since, and somebody may be waiting for just this turn.
            if (!closed && Next() is not null) return;
            all = [.. turns];
            turns.Clear();
            if (wanted is not null) all.Add(wanted);
            wanted = null;
        }

        foreach (Turn turn in all) pool.Leave(turn, TimeSpan.Zero);
    }

    private void EndIfDone()
    {
        lock (Run.Gate)
        {
            if (!closed || workers.Count > 0 || pending.Count > 0) return;
        }

        ended.TrySetResult();
    }
}
