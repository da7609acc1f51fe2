namespace Leat.Pools;

/// <summary>Beats every 2 ms while the author's code is at work, on a thread of its own, and rests when nothing is.</summary>
internal sealed class WorkerWatch(Func<bool> beat)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);

    private readonly AutoResetEvent alarm = new(false);
    private int resting = 1;
    private bool started;

    /// <summary>Something starts to work.</summary>
    public void Notice()
    {
        if (Volatile.Read(ref resting) == 0)
        {
            return;
        }

        if (!Interlocked.Exchange(ref started, true))
        {
            new Thread(Loop) { IsBackground = true, Name = "leat watch", Priority = ThreadPriority.AboveNormal }.UnsafeStart();
        }

        alarm.Set();
    }

    private void Loop()
    {
        int quiet = 0;
        while (true)
        {
            alarm.WaitOne(quiet < 8 ? Period : Timeout.InfiniteTimeSpan);
            Interlocked.Exchange(ref resting, 0);
            quiet = beat() ? 0 : quiet + 1;
            if (quiet >= 8)
            {
                Interlocked.Exchange(ref resting, 1);
                quiet = beat() ? 0 : quiet;
            }
        }
    }
}
