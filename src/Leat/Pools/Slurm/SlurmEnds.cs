using Leat.Scheduling;

namespace Leat.Pools;

/// <summary>What <c>srun</c> says when something has ended, and what it means. Slurm's messages are never translated.</summary>
internal static class SlurmEnds
{
    /// <summary>The time that it was given is over.</summary>
    public static readonly AgentEnd TimeLimit = new("its time limit was reached", FailureCause.Time);

    private static readonly AgentEnd Preempted = new("it was preempted by another job");
    private static readonly AgentEnd NodeFailed = new("its node has failed");
    // One that has just died is still given out for a while.
    private static readonly AgentEnd NodeSilent = new("its node did not start anything");
    private static readonly AgentEnd Full = new("Slurm takes no more jobs for now");
    private static readonly AgentEnd Memory = new("it ran out of memory", FailureCause.Memory);
    private static readonly AgentEnd Cancelled = new("it was cancelled, by scancel or an administrator");

    private static readonly (string Words, AgentEnd End)[] Known =
    [
        ("DUE TO PREEMPTION", Preempted),
        ("DUE TO TIME LIMIT", TimeLimit),
        ("DUE TO NODE FAILURE", NodeFailed),
        ("Node failure on", NodeFailed),
        ("Task launch for", NodeSilent),
        ("Application launch failed", NodeSilent),
        ("MaxSubmitJob", Full),
        ("Required partition not available", Full),
        ("exceeded memory limit", Memory),
        ("Exceeded job memory limit", Memory),
        ("Job has been cancelled", Cancelled),
        ("has been revoked", Cancelled),
        ("CANCELLED AT", Cancelled),

        // Said at the end of a step, of whatever in it was ended for its memory, and however long ago that was.
        ("oom_kill", Memory),
        ("oom-kill", Memory),
        ("Out Of Memory", Memory),
    ];

    private static readonly string[] Unreachable =
    [
        "Unable to contact slurm controller", "Socket timed out", "Zero Bytes were transmitted", "Connection refused", "in standby mode", "Connection reset", "Protocol authentication error", "Unable to confirm allocation", "Connection timed out",
    ];

    // Of srun, or of the options that it was given.
    private static readonly string[] Refusals = ["Unable to allocate resources", "unrecognized option", "invalid option", "Invalid ", "requires an argument"];

    /// <summary>Reasons of waiting that nothing but other options would end.</summary>
    private static readonly string[] Hopeless = ["PartitionTimeLimit", "PartitionNodeLimit", "BadConstraints", "InvalidAccount", "InvalidQOS", "AccountNotAllowed", "QOSNotAllowed", "MaxMemPerLimit"];

    /// <summary>How a job has ended, by its state; null where that says nothing.</summary>
    public static AgentEnd? OfState(string state) => state switch
    {
        "PREEMPTED" => Preempted,
        "TIMEOUT" or "DEADLINE" => TimeLimit,
        "NODE_FAIL" or "BOOT_FAIL" => NodeFailed,
        "OUT_OF_MEMORY" => Memory,
        "CANCELLED" => Cancelled,
        _ => null,
    };

    /// <summary>How a job ends whose processes are still being ended, by the reason that goes with its state; null where that says nothing.</summary>
    public static AgentEnd? OfReason(string reason) => reason switch
    {
        "TimeLimit" => TimeLimit,
        "NodeDown" => NodeFailed,
        "OutOfMemory" => Memory,
        _ => null,
    };

    /// <summary>How an allocation has ended; null where that was not said.</summary>
    public static AgentEnd? Of(string errors)
    {
        foreach ((string words, AgentEnd end) in Known)
        {
            if (errors.Contains(words, StringComparison.Ordinal)) return end;
        }

        return null;
    }

    public static bool IsUnreachable(string errors) => Unreachable.Any(words => errors.Contains(words, StringComparison.OrdinalIgnoreCase));

    public static bool IsRefusal(string errors) => Refusals.Any(words => errors.Contains(words, StringComparison.Ordinal));

    // Those that end with limits of each job, and with what the least is, are of accounts and qualities of service, and there are dozens.
    public static bool IsHopeless(string reason) => Hopeless.Contains(reason) || reason.Contains("PerJob", StringComparison.Ordinal) || reason.EndsWith("NotSatisfied", StringComparison.Ordinal);
}
