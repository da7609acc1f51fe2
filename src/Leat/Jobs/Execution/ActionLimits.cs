using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>Ends the process of an attempt at a job when it takes too long, has too much memory, or is cancelled. The first reason counts.</summary>
internal sealed class ActionLimits : IDisposable
{
    private readonly Action kill;
    private readonly CancellationTokenRegistration registration;
    private readonly ITimer? timer;
    private readonly MemoryWatch? memory;
    private Reason? verdict;

    /// <summary>Watches a process.</summary>
    /// <param name="call">What runs in it.</param>
    /// <param name="process">Its number.</param>
    /// <param name="kill">Ends it, with all that it has started.</param>
    /// <param name="timesIt">False where somebody else looks at the time.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public ActionLimits(ActionCall call, int process, Action kill, bool timesIt, CancellationToken cancellationToken)
    {
        this.kill = kill;
        string job = call.Job.Id.Text;
        if (timesIt && call.Timeout is { } timeout)
        {
            timer = TimeProvider.System.CreateTimer(_ => End(ExecutionErrors.TooLong(job, timeout), FailureCause.Time), null, timeout, Timeout.InfiniteTimeSpan);
        }

        if (call.Memory is { } allowed) memory = MemoryWatch.Start(process, allowed, had => End(ExecutionErrors.TooMuchMemory(job, had, allowed), FailureCause.Memory));
        registration = cancellationToken.UnsafeRegister(_ => End(new OperationCanceledException(cancellationToken), FailureCause.Error), null);
    }

    /// <summary>Why the process was ended; null if it was not, or by others.</summary>
    public Exception? Error => Volatile.Read(ref verdict)?.Error;

    /// <summary>What kind of failure that is.</summary>
    public FailureCause Cause => Volatile.Read(ref verdict)?.Cause ?? FailureCause.Error;

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        memory?.Dispose();
        registration.Dispose();
    }

    private void End(Exception error, FailureCause cause)
    {
        if (Interlocked.CompareExchange(ref verdict, new Reason(error, cause), null) is null) kill();
    }

    private sealed record Reason(Exception Error, FailureCause Cause);
}
