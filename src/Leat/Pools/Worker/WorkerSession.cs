using System.Diagnostics;
using Leat.Code;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>A function that a worker has been given, and the items that wait for it.</summary>
internal abstract class WorkerSession(WorkerLoop loop, ulong id, OpenModes modes)
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly Lock gate = new();
    private readonly Queue<WorkerClaim> claims = [];
    private bool closing;
    private long paused;
    private bool pumping;
    private WorkerClaim? current;
    private WorkerClaim? before;

    public ulong Id => id;

    protected WorkerLoop Loop => loop;

    private bool IsConcurrent => modes.HasFlag(OpenModes.Concurrent);

    /// <summary>Where the results of its claims go.</summary>
    protected ResultWriter Results { get; } = new(loop.Outbox);

    /// <summary>The session of a function, whatever its types.</summary>
    public static WorkerSession Create(WorkerLoop loop, EncodingReader body)
    {
        ulong id = body.ReadVarint();
        var modes = (OpenModes)body.Read<byte>();
        try
        {
            Delegate create = PortableFunction.Read(body);
            Type[] types = create.GetType().GenericTypeArguments[0].GenericTypeArguments;
            return (WorkerSession)Activator.CreateInstance(typeof(WorkerSession<,>).MakeGenericType(types), loop, id, modes, create)!;
        }
        catch (Exception error)
        {
            return new BrokenSession(loop, id, modes, error);
        }
    }

    /// <summary>Called when it is there, and before any item comes.</summary>
    public void Begin()
    {
        if (IsConcurrent) Make();
    }

    public void Add(WorkerClaim claim)
    {
        lock (gate)
        {
            claims.Enqueue(claim);
        }

        Pump();
    }

    public void Close()
    {
        lock (gate)
        {
            closing = true;
        }

        Pump();
    }

    /// <summary>A claim of this session that has not ended; null if there is none of that number.</summary>
    public WorkerClaim? Find(ulong claim)
    {
        lock (gate)
        {
            return current?.Id == claim ? current : claims.FirstOrDefault(each => each.Id == claim);
        }
    }

    /// <summary>
    /// Called by the watch: when an item takes long, what was made before it is sent, and the items behind it are given back.
    /// </summary>
    public void OnBeat()
    {
        WorkerClaim? now;
        List<WorkerClaim> waiting;
        lock (gate)
        {
            now = current;
            if (now?.IsOnSameItem() != true)
            {
                return;
            }

            waiting = [now, .. claims];
        }

        Results.TryFlush(now);
        foreach (WorkerClaim claim in waiting)
        {
            GiveBackRest(claim);
        }
    }

    /// <summary>Works on one item, whose bytes are next; or, without any, on the end of the input.</summary>
    protected abstract ValueTask RunOneAsync(WorkerClaim claim, int index, EncodingReader? bytes);

    /// <summary>Makes what works on the items, unless it is there: in its turn, but not in any item's time.</summary>
    protected virtual void Make()
    {
    }

    /// <summary>True when there is code of the author's to run at the end.</summary>
    protected virtual bool NeedsDisposal => false;

    protected abstract ValueTask DisposeTaskAsync();

    private void Pump()
    {
        lock (gate)
        {
            if (pumping)
            {
                return;
            }

            pumping = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static session => _ = session.PumpAsync(), this, preferLocal: false);
    }

    private async Task PumpAsync()
    {
        try
        {
            await RunAllAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // Nothing of the author's comes here. A worker that is lost is replaced; one that stands still is not.
            loop.Die(error);
        }
    }

    private async Task RunAllAsync()
    {
        WorkerClaim? claim;
        for (; ; before = claim)
        {
            lock (gate)
            {
                if (claims.Count == 0 && !closing)
                {
                    pumping = false;
                    return;
                }

                claims.TryDequeue(out claim);
                current = claim;
            }

            if (claim is null)
            {
                break;
            }

            // Or items would overtake those before them that were given back, and perhaps keep the worker for ever.
            if (claim.IsAhead && before?.HasGivenBack == true) GiveBackRest(claim);

            if (IsConcurrent)
            {
                loop.Console.Enter(claim.Id);
                await RunAsync(claim).ConfigureAwait(false);
            }
            else if (await loop.TryEnterAsync(claim).ConfigureAwait(false))
            {
                await RunAsync(claim).ConfigureAwait(false);
                loop.Leave();
            }
            else
            {
                // Not behind an item of another run, whose end nobody may have to wait for.
                Results.Start(claim.Id);
                End(0);
            }

            claim.Dispose();
        }

        await CloseAsync().ConfigureAwait(false);
    }

    private void GiveBackRest(WorkerClaim claim)
    {
        if (claim.TryTakeRest(out int from)) loop.SendReturned(claim.Id, from);
    }

    private async Task RunAsync(WorkerClaim claim)
    {
        Results.Start(claim.Id);
        long started = Stopwatch.GetTimestamp();
        int count = 0;
        while (claim.TryNext(out int index, out EncodingReader bytes, out int end))
        {
            count = index + 1;
            if (claim.IsUnwanted)
            {
                Results.Add(index, ResultKind.Cancelled);
            }
            else
            {
                Make();
                if (modes.HasFlag(OpenModes.TellsStarts))
                {
                    // Where the program has ended, that ends this worker.
                    Results.Add(index, ResultKind.Started);
                    Results.Flush();
                }

                // The way from another machine may be dead without anybody knowing: what was told is not yet heard.
                if (modes.HasFlag(OpenModes.AwaitsGo)) await claim.WaitForGoAsync().ConfigureAwait(false);
                await RunOneAsync(claim, index, bytes).ConfigureAwait(false);
            }

            bytes.MoveTo(end);
            if (claim.IsCareful)
            {
                Results.Flush();
            }
        }

        if (claim.IsLast)
        {
            Make();
            await RunOneAsync(claim, count, bytes: null).ConfigureAwait(false);
        }

        long elapsed = Stopwatch.GetTimestamp() - started - Interlocked.Exchange(ref paused, 0);
        End(elapsed);
    }

    private void End(long elapsed)
    {
        lock (gate)
        {
            current = null;
        }

        Results.AddEnd((ulong)(elapsed * NanosecondsPerTick));
    }

    /// <summary>Lets others run the author's code until a wait is over; that time is not the session's.</summary>
    protected async ValueTask PauseAsync(WorkerClaim claim, Func<Task> wait)
    {
        long since = Stopwatch.GetTimestamp();
        loop.SendBlocked(claim.Id);
        loop.Leave();
        await wait().ConfigureAwait(false);
        await loop.EnterAsync(claim.Id).ConfigureAwait(false);
        Interlocked.Add(ref paused, Stopwatch.GetTimestamp() - since);
    }

    private async Task CloseAsync()
    {
        Exception? error = null;
        if (!NeedsDisposal)
        {
            loop.SendClosed(id, error);
            return;
        }

        await loop.EnterAsync(0).ConfigureAwait(false);
        try
        {
            await DisposeTaskAsync().ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        loop.Leave();
        loop.SendClosed(id, error);
    }
}

/// <summary>A session whose function could not be read: no item of it can be done.</summary>
internal sealed class BrokenSession(WorkerLoop loop, ulong id, OpenModes modes, Exception error) : WorkerSession(loop, id, modes)
{
    protected override ValueTask RunOneAsync(WorkerClaim claim, int index, EncodingReader? bytes)
    {
        Results.AddError(index, ResultKind.NotOpened, error);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask DisposeTaskAsync() => ValueTask.CompletedTask;
}
