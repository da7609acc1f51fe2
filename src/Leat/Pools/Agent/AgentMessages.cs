namespace Leat.Pools;

/// <summary>What both ends of an agent's link say about the link and its channels. The numbers are on the wire.</summary>
internal enum LinkMessage : byte
{
    /// <summary>It lives. An agent tells what it takes of its machine.</summary>
    Beat = 1,

    /// <summary>More bytes may be sent through a channel.</summary>
    Credit = 2,

    /// <summary>No more bytes come through a channel.</summary>
    End = 3,

    /// <summary>A channel is no longer used on this side: nothing is read from it any more, and nothing sent.</summary>
    Close = 4,

    /// <summary>To the agent: start a worker, with a channel.</summary>
    Start = 16,

    /// <summary>To the agent: end a worker at once.</summary>
    Kill = 17,

    /// <summary>To the agent: end a worker when it has more memory than this, with all that it has started.</summary>
    Limit = 18,

    /// <summary>From the agent: who it is, and what its machine has.</summary>
    Hello = 32,

    /// <summary>From the agent: a worker is connected.</summary>
    Started = 33,

    /// <summary>From the agent: a worker could not be started.</summary>
    NotStarted = 34,

    /// <summary>From the agent: a worker has written beside the protocol.</summary>
    Output = 35,

    /// <summary>From the agent: a worker has ended.</summary>
    Ended = 36,

    /// <summary>From the agent: a worker has too much memory, and is ended.</summary>
    TooMuch = 37,
}

/// <summary>What a program and its agents must agree on.</summary>
internal static class AgentProtocol
{
    /// <summary>Raised with every change that the other side must know of.</summary>
    public const int Version = 2;

    /// <summary>What <see cref="LinkMessage.Hello"/> starts with.</summary>
    public const ulong Magic = 0x0A_74_6E_65_67_61_2D_4C;

    /// <summary>How often each side says that it lives.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>An agent that has heard nothing for so long ends, and all its workers with it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
}
