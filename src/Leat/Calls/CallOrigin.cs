namespace Leat;

/// <summary>Where the result of a call came from.</summary>
public enum CallOrigin
{
    /// <summary>It has not run: an argument of it has failed, or the run has ended before.</summary>
    NotRun,

    /// <summary>The function was called.</summary>
    Ran,

    /// <summary>The result was in the cache.</summary>
    FromCache,

    /// <summary>An equal call ran at the same time, and its result was taken.</summary>
    Shared,

    /// <summary>The function has failed.</summary>
    Failed,
}
