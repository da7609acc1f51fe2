namespace Leat.TestKit;

/// <summary>
/// A clock that stands still until a test moves it. Timers fall due in the order of their times, and those
/// of one time in the order in which they were armed.
/// </summary>
/// <remarks>
/// Callbacks run inside <see cref="Advance"/>, on its thread and with no lock held, while the clock shows the
/// time they were due. A timer armed with no delay does not wait for that: as with the system's clock
/// it runs on the thread pool. All members may be called from any thread and from callbacks.
/// </remarks>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly SortedSet<ManualTimer> armed = new(Comparer<ManualTimer>.Create(ManualTimer.InDueOrder));
    private readonly List<(int Count, TaskCompletionSource Reached)> watchers = [];
    private DateTimeOffset now;
    private long armings;

    /// <summary>A clock that shows <paramref name="start"/>, by default the first of January 2000, 0:00 UTC.</summary>
    public ManualClock(DateTimeOffset? start = null)
    {
        now = start ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>How many timers are waiting to fall due.</summary>
    public int ArmedTimers
    {
        get { lock (gate) return armed.Count; }
    }

    /// <summary>UTC, wherever the test runs.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Ticks of 100 ns.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and runs the timers that fall due on the way, each at its time.</summary>
    /// <param name="by">Zero runs what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset target;
        lock (gate) target = now + by;
        while (TakeNextDue(target) is { } timer) timer.Run();
    }

    /// <summary>
    /// Completes as soon as at least <paramref name="count"/> timers are armed: what a test awaits before
    /// <see cref="Advance"/>, so as not to move the clock ahead of the code that is to notice.
    /// </summary>
    public Task TimersArmedAsync(int count, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (armed.Count >= count) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watchers.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }

    internal bool Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (gate)
        {
            if (timer.IsDisposed) return false;
            armed.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period : null;
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            Insert(timer, now + dueTime);
        }
        if (dueTime == TimeSpan.Zero) ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.Advance(TimeSpan.Zero), this, preferLocal: false);
        return true;
    }

    internal void Disarm(ManualTimer timer)
    {
        lock (gate)
        {
            timer.IsDisposed = true;
            armed.Remove(timer);
        }
    }

    /// <summary>Sets the clock to the next timer due by the target, or to the target where there is none.</summary>
    private ManualTimer? TakeNextDue(DateTimeOffset target)
    {
        lock (gate)
        {
            if (armed.Min is not { } timer || timer.Due > target)
            {
                if (now < target) now = target;
                return null;
            }
            armed.Remove(timer);
            if (now < timer.Due) now = timer.Due;
            if (timer.Period is { } period) Insert(timer, timer.Due + period);
            return timer;
        }
    }

    private void Insert(ManualTimer timer, DateTimeOffset due)
    {
        timer.Due = due;
        timer.Arming = armings++;
        armed.Add(timer);
        foreach (var (count, reached) in watchers)
        {
            if (armed.Count >= count) reached.TrySetResult();
        }
        watchers.RemoveAll(static watcher => watcher.Reached.Task.IsCompleted);
    }
}
