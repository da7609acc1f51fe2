namespace Leat;

/// <summary>What became of a job in a run.</summary>
public enum JobOutcome
{
    /// <summary>It was up to date, and did not run.</summary>
    UpToDate,

    /// <summary>Nothing that ran needed it: a temporary file, a value, or a job that no target needs.</summary>
    NotNeeded,

    /// <summary>It ran.</summary>
    Succeeded,

    /// <summary>It ran, and failed.</summary>
    Failed,

    /// <summary>Something that it needs failed, so that it could not run.</summary>
    Upstream,

    /// <summary>The run ended before it.</summary>
    Cancelled,
}
