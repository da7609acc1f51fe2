namespace Leat;

/// <summary>How far a run of calls has come.</summary>
public sealed record CallProgress
{
    /// <summary>Calls that are known so far; more may come to light, as inputs are listed and lists flattened.</summary>
    public int Known { get; init; }

    /// <summary>Calls that are being made.</summary>
    public int Running { get; init; }

    /// <summary>Calls that have run.</summary>
    public int Ran { get; init; }

    /// <summary>Calls whose results were in a cache.</summary>
    public int FromCache { get; init; }

    /// <summary>Calls that took the result of an equal one that ran at the same time.</summary>
    public int Shared { get; init; }

    /// <summary>Calls that have failed.</summary>
    public int Failed { get; init; }

    /// <summary>Calls that will not be made, because an argument of theirs has failed.</summary>
    public int NotRun { get; init; }

    /// <summary>Calls of which it is known what became of them.</summary>
    public int Done => Ran + FromCache + Shared + Failed + NotRun;

    /// <summary>True when the run has ended.</summary>
    public bool IsCompleted { get; init; }
}
