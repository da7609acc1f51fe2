using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>How a process has come to its end in which actions ran.</summary>
/// <param name="Error">What an action fails with that ran in it.</param>
/// <param name="Cause">What kind of failure that is.</param>
/// <param name="WasKilled">True when somebody has killed it, and not the system, for its memory.</param>
internal readonly record struct ProcessEnd(LeatException Error, FailureCause Cause, bool WasKilled)
{
    private const string Killed = "signal 9 ";
    private const string Aborted = "signal 6 ";
    private const string RuntimeOutOfMemory = "Out of memory.";

    /// <summary>Tells it.</summary>
    /// <param name="job">The job whose action ran in it.</param>
    /// <param name="lost">What is known of the end.</param>
    /// <param name="worker">The process; null where it is not known.</param>
    /// <param name="memoryKills">How many processes this machine had ended for its memory before.</param>
    public static ProcessEnd Of(string job, WorkerLostException lost, WorkerLink? worker, long memoryKills)
    {
        bool memoryRanOut = worker?.Machine is null ? OutOfMemoryKills.Count() > memoryKills : worker.MemoryRanOut;
        bool isKilled = lost.End.StartsWith(Killed, StringComparison.Ordinal);
        bool hasGivenUp = lost.End.StartsWith(Aborted, StringComparison.Ordinal) && lost.Output.Contains(RuntimeOutOfMemory, StringComparison.Ordinal);
        return (isKilled && memoryRanOut) || hasGivenUp
            ? new ProcessEnd(ExecutionErrors.NoMemoryLeft(job, lost.End, lost.Output), FailureCause.Memory, WasKilled: false)
            : new ProcessEnd(ExecutionErrors.Died(job, lost.End, lost.Output), FailureCause.Error, isKilled);
    }
}
