namespace Leat.TestKit;

/// <summary>A timer of a <see cref="ManualClock"/>, whose lock guards all that changes here.</summary>
internal sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
{
    public DateTimeOffset Due { get; set; }

    /// <summary>Counts on with every arming of any timer, and so orders those that are due at one time.</summary>
    public long Arming { get; set; }

    public TimeSpan? Period { get; set; }

    public bool IsDisposed { get; set; }

    public static int InDueOrder(ManualTimer one, ManualTimer other)
    {
        int byTime = one.Due.CompareTo(other.Due);
        return byTime != 0 ? byTime : one.Arming.CompareTo(other.Arming);
    }

    public void Run() => callback(state);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, Timeout.InfiniteTimeSpan);
        return clock.Arm(this, dueTime, period);
    }

    public void Dispose() => clock.Disarm(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
