using System.Threading.Tasks.Sources;

namespace Leat.Streams;

/// <summary>
/// Where one worker's code runs, and what it waits on. A lane starts on the thread pool, where handing over costs
/// least; when its work blocks, or the pool has no thread for it, <see cref="Pulse"/> gives it a thread of its own.
/// </summary>
/// <remarks>
/// The wait is reusable and allocates nothing. <see cref="Wake"/> may be called at any time, any number of times, by
/// anyone: a wake that finds nobody waiting makes the next wait return at once. So every wait stands in a loop that
/// looks at its condition again.
/// <code>
///   Idle --await--> Awaited --Wake--> Woken (posted) --continuation runs--> Idle
///   Idle --Wake--> Woken --await--> Idle
/// </code>
/// </remarks>
internal sealed class Lane(Run run) : IThreadPoolWorkItem, IValueTaskSource
{
    private const int Idle = 0;
    private const int Awaited = 1;
    private const int Woken = 2;

    private int signal;
    private Action<object?>? continuation;
    private object? continuationState;
    private int scheduled;
    private long scheduledAtBeat;
    private LaneThread? thread;
    private bool wantsThread;
    private bool closed;
    private ManualResetEventSlim? blocking;

    /// <summary>True when the lane waits for a thread to run on.</summary>
    public bool IsScheduled => Volatile.Read(ref scheduled) != 0;

    /// <summary>True when the worker should go through <see cref="SwitchAsync"/> soon, to leave the thread pool.</summary>
    public bool ShouldSwitch => Volatile.Read(ref wantsThread) && thread is null;

    /// <summary>Waits for the next <see cref="Wake"/>.</summary>
    public ValueTask WaitAsync() => new(this, 0);

    /// <summary>Goes on upon the lane's own thread, or upon the pool.</summary>
    public ValueTask SwitchAsync()
    {
        Volatile.Write(ref signal, Idle);
        ValueTask wait = WaitAsync();
        Wake();
        return new ValueTask(new Hop(this, wait), 0);
    }

    /// <summary>Waits for the next <see cref="Wake"/> by blocking the thread; for the author's synchronous iterators.</summary>
    public void Block()
    {
        using var woken = new ManualResetEventSlim();
        blocking = woken;
        if (Interlocked.CompareExchange(ref signal, Awaited, Idle) == Idle)
        {
            woken.Wait();
        }

        blocking = null;
        Volatile.Write(ref signal, Idle);
    }

    public void Wake()
    {
        if (Interlocked.Exchange(ref signal, Woken) == Awaited)
        {
            Post();
        }
    }

    /// <summary>Called by the pulse: a lane that the pool has left waiting since the last beat gets its own thread.</summary>
    public void RescueIfStarved(long beat)
    {
        if (IsScheduled && beat - Volatile.Read(ref scheduledAtBeat) >= 2 && thread is null)
        {
            OwnThread()?.Signal();
        }
    }

    /// <summary>Called by the pulse when the worker blocks: from its next wait on it runs on its own thread.</summary>
    public void RequestThread() => Volatile.Write(ref wantsThread, true);

    /// <summary>Ends the lane's thread, if it has one.</summary>
    public void Close()
    {
        Volatile.Write(ref closed, true);
        Interlocked.Exchange(ref thread, null)?.Dispose();
    }

    void IThreadPoolWorkItem.Execute() => RunScheduled();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) =>
        Volatile.Read(ref signal) == Woken ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    void IValueTaskSource.GetResult(short token) => Volatile.Write(ref signal, Idle);

    void IValueTaskSource.OnCompleted(Action<object?> action, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        OnCompleted(action, state);

    private void OnCompleted(Action<object?> action, object? state)
    {
        continuation = action;
        continuationState = state;
        if (Interlocked.CompareExchange(ref signal, Awaited, Idle) == Woken)
        {
            Post();
        }
    }

    private void Post()
    {
        if (blocking is { } woken)
        {
            woken.Set();
            return;
        }

        scheduledAtBeat = run.Beat;
        Interlocked.Exchange(ref scheduled, 1);
        run.NoticeWork();
        if ((thread ?? (Volatile.Read(ref wantsThread) ? OwnThread() : null)) is { } own)
        {
            own.Signal();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    // Null when the lane was closed meanwhile.
    private LaneThread? OwnThread()
    {
        var own = new LaneThread(RunScheduled);
        if (Interlocked.CompareExchange(ref thread, own, null) is { } other)
        {
            return other;
        }

        own.Start();
        if (!Volatile.Read(ref closed))
        {
            return own;
        }

        Close();
        return null;
    }

    // Queued twice (on the pool and, after a rescue, on the lane's thread) it still runs once.
    private void RunScheduled()
    {
        if (Interlocked.Exchange(ref scheduled, 0) == 1)
        {
            continuation!(continuationState);
        }
    }

    // An await that never completes synchronously, so that what follows it runs where the lane runs.
    private sealed class Hop(Lane lane, ValueTask wait) : IValueTaskSource
    {
        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

        public void GetResult(short token) => wait.GetAwaiter().GetResult();

        public void OnCompleted(Action<object?> action, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            lane.OnCompleted(action, state);
    }
}
