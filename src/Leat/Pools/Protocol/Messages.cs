namespace Leat.Pools;

/// <summary>What the author's program says to a worker. The numbers are on the wire; <c>docs/worker-protocol.md</c> describes each.</summary>
internal enum ToWorker : byte
{
    /// <summary>Which builds the program is made of, and where its payloads lie.</summary>
    Program = 1,

    /// <summary>A function that items will come for.</summary>
    Open = 2,

    /// <summary>Items to work on.</summary>
    Run = 3,

    /// <summary>The rest of some items is of no more use: their token is cancelled.</summary>
    Cancel = 4,

    /// <summary>No more results of some items are wanted.</summary>
    Enough = 5,

    /// <summary>Results have been taken: more may come.</summary>
    More = 6,

    /// <summary>No more items come for a function.</summary>
    Close = 7,

    /// <summary>A payload has been read.</summary>
    Freed = 8,

    /// <summary>An item of which it was told that it starts may start.</summary>
    Go = 9,
}

/// <summary>What a worker says. The numbers are on the wire.</summary>
internal enum FromWorker : byte
{
    /// <summary>Who it is: the version of the protocol, the token, its process.</summary>
    Hello = 1,

    /// <summary>It is of the same build, and waits for work.</summary>
    Ready = 2,

    /// <summary>It is of another build, and ends.</summary>
    Refused = 3,

    /// <summary>What came of some items.</summary>
    Results = 4,

    /// <summary>Items that it has not started, because one before them takes long.</summary>
    Returned = 5,

    /// <summary>A function was disposed, with or without an error.</summary>
    Closed = 6,

    /// <summary>What the author's code has written to the console.</summary>
    Console = 7,

    /// <summary>A payload has been read.</summary>
    Freed = 8,

    /// <summary>An item's results have to be taken before it can go on; meanwhile the worker is free.</summary>
    Blocked = 9,
}

/// <summary>What a record in <see cref="FromWorker.Results"/> says about an item.</summary>
internal enum ResultKind : byte
{
    /// <summary>The last results of an item; most have one, and it is all.</summary>
    Done = 1,

    /// <summary>Some results of an item, and more to come.</summary>
    Part = 2,

    /// <summary>The author's code threw.</summary>
    Failed = 3,

    /// <summary>The item was not done, or not to its end, because it was cancelled.</summary>
    Cancelled = 4,

    /// <summary>The author's code starts on the item; told for those with a timeout.</summary>
    Started = 5,

    /// <summary>The function could not be made, so no item can be done.</summary>
    NotOpened = 6,

    /// <summary>All items of the claim are told of; and the nanoseconds that the author's code took for them.</summary>
    End = 7,
}

/// <summary>How a function is to be used.</summary>
[Flags]
internal enum OpenModes : byte
{
    None = 0,

    /// <summary>It is told when an item is started.</summary>
    TellsStarts = 1,

    /// <summary>Its items need not wait until no other function is at work, and the function is made at once.</summary>
    Concurrent = 2,

    /// <summary>An item starts when it was told so, and the other side has said that it may.</summary>
    AwaitsGo = 4,
}

/// <summary>How items are to be worked on.</summary>
[Flags]
internal enum RunModes : byte
{
    None = 0,

    /// <summary>Every result is sent before the next item starts, so that it is known which one ended the worker.</summary>
    Careful = 1,

    /// <summary>Behind the items the input ends.</summary>
    Last = 2,

    /// <summary>It was sent while the worker had other work: behind a claim that gave items back it gives back all of its own.</summary>
    Ahead = 4,
}

/// <summary>What both sides must agree on.</summary>
internal static class Protocol
{
    /// <summary>Raised with every change that the other side must know of.</summary>
    public const int Version = 1;

    /// <summary>What <see cref="FromWorker.Hello"/> starts with.</summary>
    public const ulong Magic = 0x0A_72_65_6B_72_6F_77_4C;

    /// <summary>How many bytes the token has.</summary>
    public const int TokenLength = 32;

    /// <summary>Larger messages go through shared memory, where both sides see it.</summary>
    public const int LargestInline = 64 * 1024;

    /// <summary>How many parts of one item's results may be on their way.</summary>
    public const int PartsAhead = 4;
}
