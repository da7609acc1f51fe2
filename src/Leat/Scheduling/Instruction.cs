namespace Leat.Scheduling;

/// <summary>What the scheduler wants done.</summary>
internal enum InstructionKind : byte
{
    /// <summary>Start a task on a worker.</summary>
    Start,

    /// <summary>Tell <see cref="Scheduler.Due"/> when a time has passed: then the task is tried again.</summary>
    Retry,

    /// <summary>A task has failed for good, or will not run.</summary>
    GiveUp,

    /// <summary>A task has succeeded.</summary>
    Done,

    /// <summary>Stop a task that nobody wants any more.</summary>
    Stop,
}

/// <summary>One instruction.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Task">With which task.</param>
/// <param name="Worker">On which worker, where one is meant; else -1.</param>
/// <param name="Attempt">Which attempt at the task it is, from 1: a late answer of an earlier one does not count.</param>
/// <param name="Resources">What the task may take in this attempt; all cores as the number that the worker has.</param>
/// <param name="Delay">How long to wait.</param>
/// <param name="Cause">Why it was given up.</param>
/// <param name="Gpus">Which of the worker's GPUs the task has, by their indices from 0; null for none.</param>
internal readonly record struct Instruction(
    InstructionKind Kind,
    int Task,
    int Worker = -1,
    int Attempt = 0,
    Resources? Resources = null,
    TimeSpan Delay = default,
    FailureCause Cause = default,
    IReadOnlyList<int>? Gpus = null);
