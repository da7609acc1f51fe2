namespace Leat.Scheduling;

/// <summary>What a task is waiting for, or what has become of it.</summary>
internal enum TaskState : byte
{
    /// <summary>Tasks that it needs have not succeeded yet.</summary>
    Waiting,

    /// <summary>It could run.</summary>
    Ready,

    /// <summary>It has failed, and is tried again when its time has come.</summary>
    Delayed,

    /// <summary>A worker has it.</summary>
    Running,

    /// <summary>It has succeeded.</summary>
    Succeeded,

    /// <summary>It has failed for good.</summary>
    Failed,

    /// <summary>A task that it needs has failed for good.</summary>
    Upstream,

    /// <summary>Nobody wants it any more.</summary>
    Cancelled,
}

/// <summary>Why a task has failed.</summary>
internal enum FailureCause : byte
{
    /// <summary>The work itself threw, or ended with an error.</summary>
    Error,

    /// <summary>It took longer than it might.</summary>
    Time,

    /// <summary>It was ended because it took more memory than it might.</summary>
    Memory,

    /// <summary>Its worker was lost three times in a row.</summary>
    Poisonous,

    /// <summary>It asks for more than any worker has.</summary>
    Impossible,
}
