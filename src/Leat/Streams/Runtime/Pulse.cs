namespace Leat.Streams;

/// <summary>
/// The engine's second hand. Every 2 ms, while a run is at work, it looks for workers that are stuck in the author's
/// code: it hands on what they have made, gives what they hold to their neighbours, gives starved lanes threads, and
/// ends items that have outlived their timeout. So the workers themselves never look at a clock for an item.
/// </summary>
internal abstract class Pulse
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);

    public static Pulse Start(Run run, TimeProvider clock)
    {
        Pulse pulse = clock == TimeProvider.System ? PulseThread.Instance : new PulseTimer(run, clock);
        pulse.Add(run);
        return pulse;
    }

    /// <summary>Something starts to work: beat, if you rest.</summary>
    public abstract void Notice();

    public abstract void Stop(Run run);

    protected abstract void Add(Run run);

    // Under a clock of the caller's own, the beats come from that clock.
    private sealed class PulseTimer(Run run, TimeProvider clock) : Pulse
    {
        private readonly Lock gate = new();
        private ITimer? timer;

        public override void Notice()
        {
        }

        public override void Stop(Run run) => timer?.Dispose();

        protected override void Add(Run added) => timer = clock.CreateTimer(_ => Beat(), null, Period, Period);

        private void Beat()
        {
            lock (gate)
            {
                run.OnBeat();
            }
        }
    }
}

/// <summary>
/// One thread beats for all runs of the process: not a timer, whose callbacks need the very pool threads that stuck
/// workers hold. It rests when no run is at work and ends when there is none.
/// </summary>
internal sealed class PulseThread : Pulse
{
    public const string ThreadName = "leat pulse";

    private const int QuietBeats = 8;

    private static readonly TimeSpan Lingering = TimeSpan.FromMilliseconds(100);

    // A worker that is between two states when it is looked at seems to rest too.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly List<Run> runs = [];
    private readonly AutoResetEvent alarm = new(false);
    private bool alive;
    private int resting;

    public static PulseThread Instance { get; } = new();

    public override void Notice()
    {
        if (Volatile.Read(ref resting) != 0)
        {
            alarm.Set();
        }
    }

    public override void Stop(Run run)
    {
        lock (gate)
        {
            runs.Remove(run);
        }

        // A rest among runs that are no more would have no end.
        alarm.Set();
    }

    protected override void Add(Run run)
    {
        lock (gate)
        {
            runs.Add(run);
            if (!alive)
            {
                alive = true;
                new Thread(Loop) { IsBackground = true, Name = ThreadName, Priority = ThreadPriority.AboveNormal }.UnsafeStart();
            }
        }

        alarm.Set();
    }

    private void Loop()
    {
        int quiet = 0;
        while (true)
        {
            alarm.WaitOne(Period);
            Run[] now;
            lock (gate)
            {
                now = [.. runs];
            }

            foreach (Run run in now)
            {
                run.OnBeat();
            }

            quiet = Array.Exists(now, run => run.NeedsBeat) ? 0 : quiet + 1;
            if (quiet < QuietBeats)
            {
                continue;
            }

            quiet = 0;
            if (!Rest(now))
            {
                return;
            }
        }
    }

    // False when no run came within the lingering time: the thread ends.
    private bool Rest(Run[] seen)
    {
        Interlocked.Exchange(ref resting, 1);
        try
        {
            if (Array.Exists(seen, run => run.NeedsBeat))
            {
                return true;
            }

            bool woken = alarm.WaitOne(seen.Length == 0 ? Lingering : LongestRest);
            lock (gate)
            {
                alive = woken || runs.Count > 0;
                return alive;
            }
        }
        finally
        {
            Volatile.Write(ref resting, 0);
        }
    }
}
