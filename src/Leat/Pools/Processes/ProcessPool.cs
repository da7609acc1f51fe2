namespace Leat.Pools;

/// <summary>A pool whose workers are processes. It says who of them works on what, and deals with their ends.</summary>
/// <remarks>
/// Whatever waits does so in a <see cref="FairQueue{T}"/>. A worker has a piece in hand and, when its pieces are quick, another
/// one that it can start on at once; one that turns out to be slow gives back what it has not started. All that the pool
/// knows is guarded by one lock, under which nothing is sent or decoded.
/// </remarks>
internal sealed partial class ProcessPool : Pool, ILauncherWatcher
{
    // A worker whose piece takes longer than this is not given a second one to wait behind it.
    private const double LongestAhead = 2_000_000;

    private readonly Lock gate = new();
    private readonly IWorkerLauncher launcher;
    private readonly WorkerOutputs outputs;
    private readonly bool ownsLauncher;
    private readonly FairQueue<Piece> queue = new();
    private readonly List<WorkerLink> links = [];
    private readonly HashSet<PoolSession> sessions = [];
    private readonly CancellationTokenSource disposal = new();
    private readonly List<Task> ends = [];
    private int starting;
    private int failedStarts;
    private bool pausesStarts;
    private int lost;
    private long items;
    private bool disposed;
    private Task? ending;

    public ProcessPool(int workers, IWorkerLauncher launcher, ProcessPoolOptions options)
        : this(workers, launcher, new WorkerOutputs(options.Output))
    {
    }

    public ProcessPool(int workers, IWorkerLauncher launcher, WorkerOutputs outputs, bool ownsLauncher = true)
        : base(workers)
    {
        this.launcher = launcher;
        this.outputs = outputs;
        this.ownsLauncher = ownsLauncher;
        launcher.Watchers?.Add(this);
    }

    /// <summary>Starts to serve a function.</summary>
    /// <exception cref="LeatException">It can't go to another process.</exception>
    public PoolSession<TIn, TOut> Open<TIn, TOut>(SessionOptions options, Func<PoolTask<TIn, TOut>> create)
    {
        var session = new PoolSession<TIn, TOut>(this, options, create);
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            if (isPart) throw RemoteErrors.IsPart();
            sessions.Add(session);
        }

        return session;
    }

    /// <summary>Ends the serving of a function: its state is disposed on all workers that have one.</summary>
    public async Task CloseAsync(PoolSession session)
    {
        (WorkerLink Link, int Instance)[] open;
        lock (gate)
        {
            session.IsClosing = true;
            open = [.. session.OpenOn];
            if (open.Length == 0) Forget(session);
        }

        foreach ((WorkerLink link, int instance) in open)
        {
            link.Close(session, instance);
        }

        await session.Closed.ConfigureAwait(false);
    }

    /// <summary>True when workers may be on other machines.</summary>
    public bool IsRemote => launcher.IsRemote;

    public override PoolStats Stats()
    {
        lock (gate)
        {
            PoolStats[] others = [.. siblings.Select(static sibling => sibling.Stats())];
            return new PoolStats(
                Size,
                links.Count + others.Sum(static each => each.Workers),
                links.Count(link => link.Hands.Count > 0) + others.Sum(static each => each.Busy),
                queue.Count + others.Sum(static each => each.Waiting),
                Interlocked.Read(ref items) + others.Sum(static each => each.Items),
                lost + others.Sum(static each => each.Lost))
            {
                Hosts = [.. launcher.Hosts, .. others.SelectMany(static each => each.Hosts)],
                Refused = launcher.Refused,
            };
        }
    }

    public override async ValueTask DisposeAsync()
    {
        Task all;
        lock (gate)
        {
            all = ending ??= Task.Run(EndAllAsync);
        }

        await all.ConfigureAwait(false);
    }

    private async Task EndAllAsync()
    {
        WorkerLink[] all;
        lock (gate)
        {
            disposed = true;
            all = [.. links];
        }

        await disposal.CancelAsync().ConfigureAwait(false);
        launcher.Watchers?.Remove(this);
        if (ownsLauncher && !isPart) await launcher.EndAsync().ConfigureAwait(false);
        foreach (WorkerLink link in all)
        {
            link.Kill();
        }

        FailWaiting(PoolErrors.Disposed());
        while (true)
        {
            Task[] open;
            lock (gate)
            {
                open = [.. links.Select(link => link.Ended), .. ends.Where(task => !task.IsCompleted)];
            }

            if (open.Length == 0) break;
            await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        withParent.Unregister();
        disposal.Dispose();
    }

    public void Add(IEnumerable<Piece> pieces)
    {
        lock (gate)
        {
            foreach (Piece piece in pieces)
            {
                if (disposed || piece.Session.StateLost is not null)
                {
                    Fail(piece, OutcomeState.NotOpened, piece.Session.StateLost ?? (Exception)PoolErrors.Disposed());
                }
                else
                {
                    queue.Add(piece.Session.Share, piece);
                }
            }
        }

        Pump();
    }

    public void CountItem() => Interlocked.Increment(ref items);

    private protected override void OnResized()
    {
        lock (gate)
        {
            int tooMany = links.Count(link => !link.IsRetired) + starting - Size;
            foreach (WorkerLink link in links.Where(link => !link.IsRetired).OrderBy(HasState).ThenBy(link => link.Hands.Count).Take(Math.Max(0, tooMany)).ToArray())
            {
                Retire(link);
            }
        }

        Pump();
    }

    /// <summary>Gives out what waits, for as long as there is somebody to take it.</summary>
    public void Pump()
    {
        while (true)
        {
            WorkerLink link;
            Piece piece;
            lock (gate)
            {
                StartMissing();
                if (!TryAssign(out link, out piece)) return;
            }

            try
            {
                piece.Session.Options.Watcher?.OnPlaced(link);
                link.Send(piece);
            }
            catch (Exception)
            {
                // A message too long to be sent, a clock without such a time: as if the worker were lost, over that piece.
                link.Kill();
            }
        }
    }

    private bool TryAssign(out WorkerLink link, out Piece piece)
    {
        WorkerLink? found = null;
        bool any = queue.TryTake(
            each =>
            {
                WorkerLink? free = FindFor(each);
                found = free ?? found;
                return free is not null;
            },
            out (Share<Piece> Share, Piece Item) taken);
        (link, piece) = (found!, taken.Item);
        if (!any) return false;
        piece.Instance = FreeInstance(link, piece.Session);
        link.IsFresh = false;
        if (piece.Session.Options.IsIsolated) Isolate(link, piece);
        piece.IsAhead = !piece.Session.Options.IsConcurrent && link.Hands.Exists(static hand => hand.IsWork);
        link.Hands.Add(piece);
        link.Pieces++;
        piece.Estimate = (long)(piece.Session.MeanTime * piece.Left);
        FairQueue<Piece>.Charge(taken.Share, piece.Estimate);
        piece.Session.OpenOn.Add((link, piece.Instance));
        return true;
    }

    // The worker that a piece may go to now; null if it has to wait.
    private WorkerLink? FindFor(Piece piece)
    {
        if (piece.Session.Options.IsStateful && piece.Session.OpenOn.Count > 0)
        {
            WorkerLink own = piece.Session.OpenOn.First().Link;
            return WorkOf(own, out _) == 0 ? own : null;
        }

        if (piece.Session.Options.IsConcurrent) return FindShared(piece);
        if (isolations.Count > 0)
        {
            if (piece.Session.Options.IsIsolated) return FindFresh();
            if (FindIdle() is { } idle) return idle;
        }

        WorkerLink? ahead = null;
        WorkerLink? blocked = null;
        foreach (WorkerLink link in links)
        {
            if (link.IsRetired || link.IsRehearsing || link.Owner is not null) continue;
            if (link.Hands.Count == 0)
            {
                if (isolations.Count == 0) return link;
                continue;
            }

            int work = WorkOf(link, out Piece? now);
            if (work == 0) blocked ??= link;
            else if (ahead is null && work == 1 && !link.IsHeldUp && MayGoAhead(piece, now!)) ahead = link;
        }

        return blocked ?? ahead;
    }

    // How many pieces a worker has, but for those on which it does nothing, and the first of them.
    private static int WorkOf(WorkerLink link, out Piece? now)
    {
        int work = 0;
        now = null;
        foreach (Piece hand in link.Hands)
        {
            if (hand.IsWork)
            {
                now ??= hand;
                work++;
            }
        }

        return work;
    }

    // An instance takes one piece after the other: behind one that is blocked, perhaps until this very piece is done, it
    // would wait for ever.
    private static int FreeInstance(WorkerLink link, PoolSession session)
    {
        int instance = 0;
        while (link.Hands.Exists(hand => hand.Session == session && hand.IsBlocked && hand.Instance == instance))
        {
            instance++;
        }

        return instance;
    }

    private static bool MayGoAhead(Piece piece, Piece now) =>
        !piece.IsSuspect && !piece.WasReturned && !now.IsSuspect && piece.Session.Options.Timeout is null && IsQuick(now) && IsQuick(piece);

    private static bool IsQuick(Piece piece) => piece.Session.MeanTime * Math.Max(1, piece.Left) is > 0 and < LongestAhead;

    private void Retire(WorkerLink link)
    {
        link.IsRetired = true;
        EndIfRetired(link);
    }

    private bool HasState(WorkerLink link) => sessions.Any(session => session.Options.IsStateful && session.OpenOn.Any(open => open.Link == link));

    // A worker that is one too many finishes what it has, and what has its state there.
    private void EndIfRetired(WorkerLink link)
    {
        if (!link.IsRetired || link.Hands.Count > 0 || HasState(link)) return;
        (PoolSession Session, int Instance)[] open = [.. sessions.SelectMany(session => session.OpenOn.Where(each => each.Link == link).Select(each => (session, each.Instance)))];
        if (open.Length == 0) KeepUntilEnd(Task.Run(link.Kill));
        else KeepUntilEnd(Task.Run(() => Array.ForEach(open, each => link.Close(each.Session, each.Instance))));
    }

    private void Forget(PoolSession session)
    {
        if (sessions.Remove(session)) session.SetClosed();
    }

    private static void Fail(Piece piece, OutcomeState state, Exception? error)
    {
        for (int i = piece.Next; i < piece.To; i++)
        {
            piece.Submission.End(i, state, error);
        }

        if (piece.IsLast) piece.Submission.End(0, state, error);
        piece.Submission.Progress();
    }
}
