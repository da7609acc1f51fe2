using Leat.Scheduling;

namespace Leat.Pools;

/// <summary>What a launcher knows of one of its hosts. It is guarded by the launcher.</summary>
/// <remarks>
/// <code>
/// Idle ──needed──▶ Connecting ──agent there──▶ Up
///  ▲                   │                       │
///  │                refused                   lost
///  │                   ▼                       │
///  └──pause over─── Resting ◀──────────────────┘
/// </code>
/// </remarks>
internal sealed class RemoteHost(HostConnector connector, int places)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private int failures;

    public string Name => connector.Name;

    public HostConnector Connector => connector;

    /// <summary>How many workers it may have.</summary>
    public int Places => places;

    /// <summary>How many it has, and is starting.</summary>
    public int Workers { get; set; }

    public int Free => places - Workers;

    public HostState State { get; private set; }

    /// <summary>True when it was reached, and gets the program's files.</summary>
    public bool IsReached { get; set; }

    /// <summary>True when it has said no, so that waiting for it is of little use.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Why it is not there; empty where nothing is known against it.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>The way to its agent, when it is up.</summary>
    public AgentLink? Link { get; private set; }

    /// <summary>True as long as there may be workers on it soon.</summary>
    public bool MayHaveWorkers => State != HostState.Resting;

    /// <summary>True when it counts towards those that must be there.</summary>
    public bool IsThere => State == HostState.Up || (State == HostState.Connecting && IsReached);

    public void BeginConnecting() => (State, IsReached) = (HostState.Connecting, false);

    public void SetUp(AgentLink link) => (State, Link, Fault, IsRefused, failures) = (HostState.Up, link, "", false, 0);

    /// <summary>It could not be connected, or was lost. Says for how long it is to be left alone.</summary>
    public TimeSpan Rest(string fault, bool isRefused, TimeSpan longest)
    {
        (State, Link, Fault, IsRefused) = (HostState.Resting, null, fault, isRefused);
        return new Backoff(FirstPause, longest).Behind(++failures);
    }

    /// <summary>It may be tried again.</summary>
    public void Wake()
    {
        if (State == HostState.Resting) (State, IsRefused) = (HostState.Idle, false);
    }
}
