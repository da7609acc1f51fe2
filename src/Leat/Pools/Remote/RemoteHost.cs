using Leat.Scheduling;

namespace Leat.Pools;

/// <summary>What a launcher knows of one of its hosts. It is guarded by the launcher.</summary>
/// <remarks>
/// <code>
/// Idle ──needed──▶ Connecting ──agent there──▶ Up
///  ▲                   │                       │
///  │                refused                lost, or can't work
///  │                   ▼                       │
///  └──pause over─── Resting ◀──────────────────┘
/// </code>
/// One that can't work, as its disk is full or no process can be started there, gets nothing new; what it has already goes on beside the rest. The
/// pauses grow until a worker has started there again, or, where it has failed in another way, until it has not done so for long.
/// </remarks>
internal sealed class RemoteHost(HostConnector connector, int places)
{
    private const int MostFailedStarts = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    // What was sent on a way that was cut is sent again in longer and longer pauses: a new attempt is heard sooner.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(5);

    private int failures;
    private int faults;
    private int failedStarts;
    private long lastFault = long.MinValue;
    private string told = "";
    private bool hasBeenUp;

    public string Name => connector.Name;

    public HostConnector Connector => connector;

    /// <summary>How many workers it may have.</summary>
    public int Places => places;

    /// <summary>How many it has, and is starting.</summary>
    public int Workers { get; set; }

    public int Free => places - Workers;

    /// <summary>How many of them work for those who don't mind which host does.</summary>
    public int CommonWorkers { get; set; }

    public HostState State { get; private set; }

    /// <summary>True when it was reached, and gets the program's files.</summary>
    public bool IsReached { get; set; }

    /// <summary>True when it has said no, so that waiting for it is of little use.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Why it is not there; empty where nothing is known against it.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The way to its agent, when it is up.</summary>
    public AgentLink? Link { get; private set; }

    /// <summary>How many workers there may be on it soon, for those who don't mind which host it is. What it has goes on while it rests.</summary>
    public int CommonPlaces => State == HostState.Resting ? CommonWorkers : places;

    /// <summary>True when it counts towards those that must be there.</summary>
    public bool IsThere => State == HostState.Up || (State == HostState.Connecting && IsReached);

    public void BeginConnecting() => (State, IsReached) = (HostState.Connecting, false);

    /// <summary>True when it was given up while there was nothing against its workers: what they still do does not say that it can work.</summary>
    public bool IsFaulty { get; private set; }

    public void SetUp(AgentLink link) => (State, Link, Fault, IsRefused, IsFaulty, failedStarts, hasBeenUp) = (HostState.Up, link, "", false, false, 0, true);

    /// <summary>How long the next attempt to reach it may take: where it was reached before, little at first, and more each time.</summary>
    public TimeSpan Patience(TimeSpan longest)
    {
        double patience = FirstPatience.TotalSeconds * Math.Pow(2, Math.Min(Math.Max(0, failures - 1), 16));
        return hasBeenUp ? TimeSpan.FromSeconds(Math.Min(patience, longest.TotalSeconds)) : longest;
    }

    /// <summary>It could not be connected, or was lost, or can't work. Says for how long it is to be left alone.</summary>
    public TimeSpan Rest(string fault, bool isRefused, TimeSpan longest)
    {
        (State, Link, Fault, IsRefused) = (HostState.Resting, null, fault, isRefused);
        Rests++;
        return new Backoff(FirstPause, longest).Behind(Math.Max(failures++, faults) + 1);
    }

    /// <summary>A worker has started on it, and is ready.</summary>
    public void NoteStart() => (failures, failedStarts, told) = (0, 0, "");

    /// <summary>A worker could not be started on it. True when that is so each time.</summary>
    public bool NoteFailedStart() => ++failedStarts >= MostFailedStarts;

    /// <summary>It can't work, though workers can be started there.</summary>
    public void NoteFault(TimeSpan longest)
    {
        IsFaulty = true;
        bool isFirst = lastFault == long.MinValue || TimeProvider.System.GetElapsedTime(lastFault) > 2 * longest;
        faults = isFirst ? 0 : faults + 1;
        lastFault = TimeProvider.System.GetTimestamp();
    }

    /// <summary>True the first time that people are told this of it, since a worker has started there.</summary>
    public bool IsNews(string fault)
    {
        bool isNews = told != fault;
        told = fault;
        return isNews;
    }

    /// <summary>How often it was left alone so far.</summary>
    public int Rests { get; private set; }

    /// <summary>It may be tried again.</summary>
    public void Wake()
    {
        if (State == HostState.Resting) (State, IsRefused) = (HostState.Idle, false);
    }
}
