using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>One attempt at a job's action.</summary>
/// <param name="Job">The job: one with a body, or a <see cref="CommandJob"/>.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Paths">Where it writes its outputs: temporary paths, or its own where it writes in place.</param>
/// <param name="Log">The file for what it writes to its standard output and error; made when it writes something, with its folder there.</param>
internal sealed record ActionCall(Job Job, int Attempt, OutputPaths Paths, string Log)
{
    /// <summary>The loads that must be there, in an order in which they can be loaded: what the job directly depends on, and what these need.</summary>
    public IReadOnlyList<Job> Loads { get; init; } = [];

    /// <summary>The ids of what the job depends on; null when its action may use everything.</summary>
    public IReadOnlySet<string>? Inputs { get; init; }

    /// <summary>What it may take in this attempt, as the scheduler says; all of it may not be said.</summary>
    public Resources Resources { get; init; } = Resources.Default;

    /// <summary>Told, once or more often, when it has a place on a cluster, and which; null where nobody waits for that.</summary>
    public Action<string>? Placed { get; init; }

    /// <summary>Where it runs; null where there is one machine only.</summary>
    public IMachine? Machine { get; init; }

    /// <summary>What is sent to its machine, if that is another one; null where files are shared.</summary>
    public HostInputs? Transfer { get; init; }

    /// <summary>What the names begin with that its outputs have on their way from another machine: where a kill of this program leaves nothing that anybody sees.</summary>
    public OutputPaths Incoming { get; init; } = Paths;

    /// <summary>How this machine's files look where it runs; null where they are the same.</summary>
    public HostView? View { get; init; }

    /// <summary>Environment variables for it, such as <c>CUDA_VISIBLE_DEVICES</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>After how long it is ended; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>More memory than this, in bytes, and it is ended; null for no limit.</summary>
    public long? Memory { get; init; }
}

/// <summary>What became of an attempt.</summary>
/// <param name="Error">Why it failed; null if it did not.</param>
/// <param name="Time">How long it took.</param>
internal sealed record ActionResult(Exception? Error, TimeSpan Time)
{
    /// <summary>How it failed.</summary>
    public FailureCause Cause { get; init; }

    /// <summary>The machine on which it ran.</summary>
    public string Machine { get; init; } = Environment.MachineName;

    /// <summary>True when nothing is to be said against the action: its machine was lost, or somebody has ended its process.</summary>
    public bool IsLost { get; init; }

    /// <summary>True when there is no sense in trying it again.</summary>
    public bool IsFinal { get; init; }

    /// <summary>How its process has ended, where it has failed by that: <c>exit code 3</c>, <c>signal 9 (SIGKILL)</c>.</summary>
    public string? End { get; init; }

    /// <summary>What it wrote on another machine beside its outputs, and lost thereby.</summary>
    public IReadOnlyList<string> Undeclared { get; init; } = [];

    /// <summary>True when it has written something to its log.</summary>
    public bool HasLog { get; init; }
}
