using System.Diagnostics;
using Leat.Pools;
using Leat.Streams;

namespace Leat.Calls;

/// <summary>A thread that makes calls.</summary>
internal sealed class CallWorker(ThreadsExecutor executor)
{
    /// <summary>How long a worker keeps its turn before it lets others of the pool have theirs.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    [ThreadStatic]
    private static CallWorker? current;

    private readonly SemaphoreSlim signals = new(0);
    private CallSite? spare;
    private Turn? turn;

    /// <summary>The worker whose thread this is.</summary>
    public static CallWorker? Current
    {
        get => current;
        set => current = value;
    }

    public ThreadsExecutor Executor => executor;

    /// <summary>The right to work.</summary>
    public ref Turn? Turn => ref turn;

    /// <summary>Since when it has its turn.</summary>
    public long Since { get; private set; }

    /// <summary>The call that it makes; null while it makes none.</summary>
    public CallSite? Site { get; set; }

    /// <summary>True when its call did not return, and another has taken its place.</summary>
    public bool IsLeftBehind { get; set; }

    public void Start() => new Thread(Loop) { IsBackground = true, Name = LaneThread.Name }.UnsafeStart();

    public void Signal() => signals.Release();

    public void LeaveBehind(CallSite site) => executor.LeaveBehind(this, site);

    /// <summary>A place for the next call: that of the last one, if nobody needs it any more.</summary>
    public CallSite NewSite() => spare ??= new CallSite();

    /// <summary>A call's place is needed longer.</summary>
    public void Forget(CallSite site)
    {
        if (spare == site) spare = null;
    }

    private void Loop()
    {
        current = this;
        Turn? had = null;
        while (true)
        {
            CallSite? site = executor.Take(this, out bool isOver);
            if (isOver) return;
            if (site is null)
            {
                signals.Wait();
                continue;
            }

            if (turn != had) Since = Stopwatch.GetTimestamp();
            had = turn;
            executor.Make(this, site);
            if (IsLeftBehind) return;
        }
    }
}
