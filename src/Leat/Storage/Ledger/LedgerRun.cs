namespace Leat.Storage;

/// <summary>The run that opens a ledger, as others are told about it.</summary>
public sealed record LedgerRun
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>What the run was started by; the process's command line by default.</summary>
    public string CommandLine { get; init; } = Environment.CommandLine;
}
