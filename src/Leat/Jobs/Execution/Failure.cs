using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>How an action has failed, by what it threw.</summary>
internal static class Failure
{
    public static FailureCause CauseOf(Exception? error, bool isOverTime = false)
    {
        if (isOverTime) return FailureCause.Time;
        return error is not null && (IsOutOfMemory(error) || (error.InnerException is { } inner && IsOutOfMemory(inner))) ? FailureCause.Memory : FailureCause.Error;
    }

    // It may have come from another process, as text.
    private static bool IsOutOfMemory(Exception error) => error is OutOfMemoryException or LeatException { Code: ExecutionErrors.NoMemoryLeftCode } || (error as RemoteException)?.TypeName == typeof(OutOfMemoryException).FullName;
}
