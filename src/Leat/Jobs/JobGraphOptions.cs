using Leat.Storage;

namespace Leat;

/// <summary>What can be said about a graph of jobs.</summary>
public sealed record JobGraphOptions
{
    /// <summary>
    /// The folder in which relative paths begin, and in whose subfolder <c>.leat</c> the graph keeps what it knows; null, the default, for the
    /// current directory. Two graphs can't have the same folder at the same time.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Where the graph keeps what its jobs have done; null, the default, for a journal in the subfolder <c>.leat</c>.</summary>
    public ILedger? Ledger { get; init; }

    /// <summary>How many runs keep their logs under <c>.leat/runs</c>; 50 by default.</summary>
    public int KeptRuns { get; init; } = 50;
}
