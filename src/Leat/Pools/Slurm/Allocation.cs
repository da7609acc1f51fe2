namespace Leat.Pools;

/// <summary>What a launcher knows of one of its allocations. It is guarded by the launcher.</summary>
/// <remarks>
/// <code>
/// Connecting ──seen waiting──▶ Queued ──agent there──▶ Up ──idle, or its time is nearly over──▶ Draining ──▶ gone
/// </code>
/// </remarks>
internal sealed class Allocation(string job, SlurmTransport transport, HostConnector connector, int places)
{
    private TimeSpan? limit;
    private long pieces = -1;

    public string Name => transport.Name;

    /// <summary>The name of its job, which no other one has.</summary>
    public string Job => job;

    public HostConnector Connector => connector;

    public int Places => places;

    public HostState State { get; private set; } = HostState.Connecting;

    /// <summary>Why it is not there.</summary>
    public string Fault { get; private set; } = "";

    public AgentLink? Link { get; private set; }

    /// <summary>Its workers.</summary>
    public HashSet<WorkerConnection> Workers { get; } = [];

    /// <summary>How many workers are being started.</summary>
    public int Starting { get; set; }

    /// <summary>Those that are just being ended are as good as gone.</summary>
    public int Free => places - Workers.Count(static worker => !worker.IsKilled) - Starting;

    /// <summary>True as long as workers may start on it, now or later.</summary>
    public bool IsWanted => State != HostState.Draining && !IsEnding;

    public bool IsComing => IsWanted && State != HostState.Up;

    /// <summary>True when the launcher itself is about to end it.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Completes some time after it has ended, with how; null where nobody knows, or it was given back.</summary>
    public TaskCompletionSource<AgentEnd?> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How it has ended, where <c>srun</c> has said so.</summary>
    public AgentEnd? Said => transport.End;

    /// <summary>How long it may last, as far as Slurm has said so.</summary>
    public TimeSpan? Limit => limit;

    /// <summary>Ends the attempt to bring it up.</summary>
    public CancellationTokenSource Attempt { get; } = new();

    /// <summary>Why the launcher has ended the attempt, where that is an error.</summary>
    public LeatException? Refusal { get; set; }

    /// <summary>When Slurm was seen to have given it, in milliseconds of the system's clock.</summary>
    public long? GivenAt { get; private set; }

    /// <summary>When Slurm will end it.</summary>
    public long? EndsAt { get; private set; }

    /// <summary>Since when nothing was done in it.</summary>
    public long? IdleSince { get; private set; }

    public void SetUp(AgentLink link)
    {
        (State, Link, Fault) = (HostState.Up, link, "");
        GivenAt ??= Environment.TickCount64;
    }

    public void Drain(string why)
    {
        (State, Fault) = (HostState.Draining, why);
    }

    /// <summary>Takes what the queue says.</summary>
    public void Take(QueuedJob seen, long now)
    {
        // Nodes that are switched on when they are needed take minutes to come up.
        if (seen.State is "PENDING" or "CONFIGURING")
        {
            if (IsComing) (State, Fault) = (HostState.Queued, seen.State == "PENDING" ? $"It waits in Slurm's queue: {seen.Reason}." : "Slurm gets its node ready.");
            return;
        }

        GivenAt ??= now;
        if (State == HostState.Queued) (State, Fault) = (HostState.Connecting, "");
        EndsAt = null;
        if (seen.Left is not { } left) return;
        limit ??= left;
        EndsAt = now + (long)left.TotalMilliseconds;
    }

    /// <summary>True when so much of its time is left that nothing new should begin.</summary>
    public bool IsNearEnd(TimeSpan drain, long now)
    {
        if (EndsAt is not { } end || limit is not { } all) return false;
        return end - now < Math.Min(drain.TotalMilliseconds, all.TotalMilliseconds / 4);
    }

    /// <summary>Notes what its workers do.</summary>
    public void Note(WorkerUse use, long now)
    {
        if (use.IsBusy || Starting > 0) IdleSince = null;
        else if (IdleSince is null || pieces != use.Pieces) IdleSince = now;
        pieces = use.Pieces;
    }
}
