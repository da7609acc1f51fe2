namespace Leat.Pools;

/// <summary>A pool whose workers are processes. It says who of them works on what, and deals with their ends.</summary>
/// <remarks>
/// Whatever waits does so in a <see cref="FairQueue{T}"/>. A worker has a piece in hand and, when its pieces are quick, another
/// one that it can start on at once; one that turns out to be slow gives back what it has not started. All that the pool
/// knows is guarded by one lock, under which nothing is sent or decoded.
/// </remarks>
internal sealed partial class ProcessPool : Pool
{
    // A worker whose piece takes longer than this is not given a second one to wait behind it.
    private const double LongestAhead = 2_000_000;

    private readonly Lock gate = new();
    private readonly IWorkerLauncher launcher;
    private readonly WorkerOutputs outputs;
    private readonly FairQueue<Piece> queue = new();
    private readonly List<WorkerLink> links = [];
    private readonly HashSet<PoolSession> sessions = [];
    private readonly CancellationTokenSource disposal = new();
    private readonly List<Task> ends = [];
    private int starting;
    private int failedStarts;
    private int lost;
    private long items;
    private bool disposed;

    public ProcessPool(int workers, IWorkerLauncher launcher, ProcessPoolOptions options)
        : base(workers)
    {
        this.launcher = launcher;
        outputs = new WorkerOutputs(options.Output);
    }

    /// <summary>Starts to serve a function.</summary>
    /// <exception cref="LeatException">It can't go to another process.</exception>
    public PoolSession<TIn, TOut> Open<TIn, TOut>(SessionOptions options, Func<PoolTask<TIn, TOut>> create)
    {
        var session = new PoolSession<TIn, TOut>(this, options, create);
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            sessions.Add(session);
        }

        return session;
    }

    /// <summary>Ends the serving of a function: its state is disposed on all workers that have one.</summary>
    public async Task CloseAsync(PoolSession session)
    {
        WorkerLink[] open;
        lock (gate)
        {
            session.IsClosing = true;
            open = [.. session.OpenOn];
            if (open.Length == 0) Forget(session);
        }

        foreach (WorkerLink link in open)
        {
            link.Close(session);
        }

        await session.Closed.ConfigureAwait(false);
    }

    public override PoolStats Stats()
    {
        lock (gate)
        {
            return new PoolStats(Size, links.Count, links.Count(link => link.Hands.Count > 0), queue.Count, Interlocked.Read(ref items), lost);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        WorkerLink[] all;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            all = [.. links];
        }

        await disposal.CancelAsync().ConfigureAwait(false);
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
            await Task.WhenAll(open).ConfigureAwait(false);
        }

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
            foreach (WorkerLink link in links.Where(link => !link.IsRetired).OrderBy(link => link.Hands.Count).Take(Math.Max(0, tooMany)).ToArray())
            {
                Retire(link);
            }
        }

        Pump();
    }

    // Gives out what waits, for as long as there is somebody to take it.
    private void Pump()
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

            link.Send(piece);
        }
    }

    private bool TryAssign(out WorkerLink link, out Piece piece)
    {
        link = null!;
        piece = null!;
        if (!queue.TryTake(each => FindFor(each) is not null, out (Share<Piece> Share, Piece Item) taken)) return false;
        piece = taken.Item;
        link = FindFor(piece)!;
        link.Hands.Add(piece);
        piece.Estimate = (long)(piece.Session.MeanTime * piece.Left);
        FairQueue<Piece>.Charge(taken.Share, piece.Estimate);
        piece.Session.OpenOn.Add(link);
        return true;
    }

    // The worker that a piece may go to now; null if it has to wait.
    private WorkerLink? FindFor(Piece piece)
    {
        if (piece.Session.Options.IsStateful && piece.Session.OpenOn.Count > 0)
        {
            WorkerLink own = piece.Session.OpenOn.First();
            return own.Hands.Count == 0 || (own.Hands.Count == 1 && !own.IsHeldUp) ? own : null;
        }

        WorkerLink? ahead = null;
        foreach (WorkerLink link in links)
        {
            if (link.IsRetired) continue;
            if (link.Hands.Count == 0) return link;
            if (ahead is null && link.Hands.Count == 1 && MayGoAhead(piece, link)) ahead = link;
        }

        return ahead;
    }

    private static bool MayGoAhead(Piece piece, WorkerLink link)
    {
        Piece now = link.Hands[0];
        return !link.IsHeldUp && !piece.IsSuspect && !piece.WasReturned && !now.IsSuspect
            && piece.Session.Options.Timeout is null
            && IsQuick(now) && IsQuick(piece);
    }

    private static bool IsQuick(Piece piece) => piece.Session.MeanTime * Math.Max(1, piece.Left) is > 0 and < LongestAhead;

    private static void Retire(WorkerLink link)
    {
        link.IsRetired = true;
        if (link.Hands.Count == 0) link.Kill();
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
