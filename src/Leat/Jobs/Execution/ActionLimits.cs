using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>Ends the process of an attempt at a job when it takes too long, has too much memory, or is cancelled. The first reason counts.</summary>
internal sealed class ActionLimits : IDisposable
{
    private readonly Action kill;
    private readonly ActionCall call;
    private readonly CancellationTokenRegistration registration;
    private readonly ITimer? timer;
    private IDisposable? memory;
    private Reason? verdict;

    /// <summary>Begins to look at the time, and at the token.</summary>
    /// <param name="call">What runs in the process.</param>
    /// <param name="kill">Ends it, with all that it has started.</param>
    /// <param name="timesIt">False where somebody else looks at the time.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public ActionLimits(ActionCall call, Action kill, bool timesIt, CancellationToken cancellationToken)
    {
        this.call = call;
        this.kill = kill;
        if (timesIt && call.Timeout is { } timeout)
        {
            timer = TimeProvider.System.CreateTimer(_ => End(ExecutionErrors.TooLong(call.Job.Id.Text, timeout), FailureCause.Time), null, timeout, Timeout.InfiniteTimeSpan);
        }

        registration = cancellationToken.UnsafeRegister(_ => End(new OperationCanceledException(cancellationToken), FailureCause.Error), null);
    }

    /// <summary>Why the process was ended; null if it was not, or by others.</summary>
    public Exception? Error => Volatile.Read(ref verdict)?.Error;

    /// <summary>What kind of failure that is.</summary>
    public FailureCause Cause => Volatile.Read(ref verdict)?.Cause ?? FailureCause.Error;

    /// <summary>Begins to look at the memory of the process, whose number is known now.</summary>
    public void WatchMemory(int process)
    {
        if (call.Memory is { } allowed) memory = MemoryWatch.Start(process, allowed, had => OnTooMuch(had, allowed));
    }

    /// <summary>Begins to look at the memory of the process, on whatever machine that is.</summary>
    public void WatchMemory(WorkerLink worker)
    {
        if (call.Memory is { } allowed) memory = worker.LimitMemory(allowed, had => OnTooMuch(had, allowed));
    }

    /// <summary>Looks no more.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        memory?.Dispose();
        registration.Dispose();
    }

    private void OnTooMuch(long had, long allowed) => End(ExecutionErrors.TooMuchMemory(call.Job.Id.Text, had, allowed), FailureCause.Memory);

    private void End(Exception error, FailureCause cause)
    {
        if (Interlocked.CompareExchange(ref verdict, new Reason(error, cause), null) is null) kill();
    }

    private sealed record Reason(Exception Error, FailureCause Cause);
}
