using System.Diagnostics;
using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>A job in a run.</summary>
/// <remarks>
/// A job is settled when it is known by which digest it counts: then those that depend on it can be decided. Files that are made on demand
/// (temporary ones, values) are settled by their record, and may have to be made later.
/// <code>
///   Idle --wanted--> Waiting --all inputs settled--> up to date: Settled      or out of date: Needed
///   Settled (on demand, its files are not there) --somebody must run--> Needed
///   Needed --all that it needs is there--> Queued --> Running --> Succeeded, Failed
///   Waiting, Needed --something it needs failed--> Upstream      any --the run ends--> Cancelled
/// </code>
/// </remarks>
[DebuggerDisplay("{Job.Id.Text,nq} {State}")]
internal sealed class JobNode(Job job)
{
    private static readonly List<JobNode> Nobody = [];

    private JobState? record;
    private List<JobNode>? dependants;

    public Job Job { get; } = job;

    public NodeState State { get; set; }

    /// <summary>What it depends on, ordered by key.</summary>
    public NodeEdge[] Inputs { get; set; } = [];

    /// <summary>The nodes that depend on it, each as often as it does. <see cref="AddDependant"/> alone changes them.</summary>
    public List<JobNode> Dependants => dependants ?? Nobody;

    /// <summary>Inputs that are not settled yet.</summary>
    public int Unsettled { get; set; }

    /// <summary>Needs that are not there yet.</summary>
    public int Absent { get; set; }

    /// <summary>The nodes that wait for its files.</summary>
    public List<JobNode>? Waiters { get; set; }

    /// <summary>Wanted dependants that may still need its files.</summary>
    public int OpenDependants { get; set; }

    public bool IsWanted { get; set; }

    public bool IsTarget { get; set; }

    /// <summary>True when it is known by which digest it counts.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Of a file that is made on demand: whether it is there.</summary>
    public bool IsPresent { get; set; }

    /// <summary>True when it won't need its inputs any more.</summary>
    public bool IsDone { get; set; }

    /// <summary>The digest of what it does.</summary>
    public Digest Code { get; set; }

    /// <summary>The digest by which it counts as a whole.</summary>
    public Digest Content { get; set; }

    /// <summary>The digests of its outputs; empty where there is one alone, which is <see cref="Content"/>.</summary>
    public Digest[] Outputs { get; set; } = [];

    /// <summary>The bytes of <see cref="Record"/>; empty if it never succeeded.</summary>
    public ReadOnlyMemory<byte> RecordBytes { get; set; }

    /// <summary>What it saw and left when it last succeeded. It is made when it is first asked for: most jobs are as they were.</summary>
    public JobState? Record => record ??= RecordBytes.IsEmpty ? null : JobState.TryRead(RecordBytes.Span);

    /// <summary>True when it failed when it last ran, and has no record of a success.</summary>
    public bool NeverSucceeded { get; set; }

    /// <summary>True when its code and its outputs are those of its record, so that only what it sees of its inputs is open.</summary>
    public bool IsIntact { get; set; }

    /// <summary>Of one that is intact, where in the bytes of its record its inputs are.</summary>
    public int InputsAt { get; set; }

    /// <summary>For searches: what they need to know of a node meanwhile.</summary>
    public int Mark { get; set; }

    /// <summary>How long it took when it last succeeded; zero if it never did.</summary>
    public TimeSpan Expected { get; set; }

    /// <summary>The seconds of the longest way behind it.</summary>
    public double Tail { get; set; }

    /// <summary>Its outputs as they are, by place.</summary>
    public FoundFile[] Found { get; set; } = [];

    /// <summary>True when the files that it makes are not those that its record tells of.</summary>
    public bool IsRedeclared { get; set; }

    /// <summary>When it did not run, and its files have other times than those of its record.</summary>
    public bool IsRenewed { get; set; }

    public List<JobReason>? Reasons { get; set; }

    public Exception? Error { get; set; }

    public JobNode? Culprit { get; set; }

    public int Attempts { get; set; }

    public TimeSpan Time { get; set; }

    public string? Log { get; set; }

    /// <summary>Where its last attempt ran; null before that.</summary>
    public string? Machine { get; set; }

    /// <summary>True for what is made only when a job that must run needs it.</summary>
    public bool IsOnDemand => Job.Kind is JobKind.TempFile or JobKind.TempFiles or JobKind.Cached or JobKind.Load;

    public bool IsMaker => Job.Kind is JobKind.Generate or JobKind.Inject;

    /// <summary>True for what is looked at, and has no action.</summary>
    public bool IsInvariant => Job.Kind >= JobKind.Parameter;

    /// <summary>True for what is counted: not what is only looked at, what is only loaded and what runs in every run, which say nothing about what there is to do.</summary>
    public bool IsWork => !IsInvariant && !IsMaker && Job.Kind != JobKind.Load;

    /// <summary>True for a job that is wanted for its own sake.</summary>
    public bool IsEager => !IsOnDemand && !IsInvariant;

    /// <summary>True for a job that the run waits for.</summary>
    public bool Counts => IsEager || IsTarget;

    public bool IsOver => State is NodeState.Succeeded or NodeState.Failed or NodeState.Upstream or NodeState.Cancelled;

    public void AddDependant(JobNode node) => (dependants ??= []).Add(node);

    /// <summary>The digest of one of its outputs, or of all.</summary>
    public Digest ContentOf(int output) => output < 0 || Outputs.Length == 0 ? Content : Outputs[output];
}

/// <summary>Where a job is in a run.</summary>
internal enum NodeState : byte
{
    Idle,
    Waiting,
    Settled,
    Needed,
    Queued,
    Running,
    Succeeded,
    Failed,
    Upstream,
    Cancelled,
}

/// <summary>That a node depends on another.</summary>
/// <param name="Node">The other.</param>
/// <param name="Output">Which of its outputs; -1 for all.</param>
/// <param name="Key">By which it is known in records.</param>
internal readonly record struct NodeEdge(JobNode Node, int Output, string Key)
{
    public static NodeEdge Of(JobNode node, int output) =>
        new(node, output, output < 0 ? node.Job.Id.Text : $"{node.Job.Id.Text}\0{node.Job.Outputs.Names[output]}");

    /// <summary>True for a file that counts by its name, wherever it lies.</summary>
    public bool IsMovable => Node.Job.Kind == JobKind.InputFile;
}

/// <summary>An output as it was found.</summary>
/// <param name="Stamp">Its size and times; null if there is none.</param>
/// <param name="IsAsRecorded">True when it is what the job left.</param>
/// <param name="IsRenewed">True when its times are not what they were, and its content is.</param>
internal readonly record struct FoundFile(Leat.Storage.FileStamp? Stamp, bool IsAsRecorded, bool IsRenewed);
