namespace Leat.Pools;

/// <summary>What <c>srun</c> says when something has ended, and what it means. Slurm's messages are never translated.</summary>
internal static class SlurmEnds
{
    private static readonly (string Words, AgentEnd End)[] Known =
    [
        ("DUE TO PREEMPTION", new("it was preempted by another job", IsBlameless: true)),
        ("DUE TO TIME LIMIT", new("its time limit was reached", IsBlameless: true)),
        ("DUE TO NODE FAILURE", new("its node has failed", IsBlameless: true)),
        ("Node failure on", new("its node has failed", IsBlameless: true)),
        ("oom_kill", new("it ran out of memory", IsBlameless: false)),
        ("oom-kill", new("it ran out of memory", IsBlameless: false)),
        ("Out Of Memory", new("it ran out of memory", IsBlameless: false)),
        ("exceeded memory limit", new("it ran out of memory", IsBlameless: false)),
        ("Exceeded job memory limit", new("it ran out of memory", IsBlameless: false)),
        ("Job has been cancelled", new("it was cancelled, by scancel or an administrator", IsBlameless: true)),
        ("has been revoked", new("it was cancelled, by scancel or an administrator", IsBlameless: true)),
        ("CANCELLED AT", new("it was cancelled, by scancel or an administrator", IsBlameless: true)),
    ];

    private static readonly string[] Unreachable =
    [
        "Unable to contact slurm controller", "Socket timed out", "Zero Bytes were transmitted", "Connection refused", "in standby mode", "Unable to confirm allocation", "Connection timed out",
    ];

    // Of srun, or of the options that it was given.
    private static readonly string[] Refusals = ["Unable to allocate resources", "unrecognized option", "invalid option", "Invalid ", "requires an argument"];

    /// <summary>Reasons of waiting that nothing but other options would end.</summary>
    private static readonly string[] Hopeless = ["PartitionTimeLimit", "PartitionNodeLimit", "BadConstraints", "InvalidAccount", "InvalidQOS", "AccountNotAllowed", "QOSNotAllowed"];

    /// <summary>How a job has ended, by its state; null where that says nothing.</summary>
    public static string? OfState(string state) => state switch
    {
        "PREEMPTED" => "it was preempted by another job",
        "TIMEOUT" or "DEADLINE" => "its time limit was reached",
        "NODE_FAIL" or "BOOT_FAIL" => "its node has failed",
        "OUT_OF_MEMORY" => "it ran out of memory",
        "CANCELLED" => "it was cancelled, by scancel or an administrator",
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

    public static bool IsHopeless(string reason) => Hopeless.Contains(reason);
}
