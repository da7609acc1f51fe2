namespace Leat.Storage;

/// <summary>What a record says of its job.</summary>
public enum LedgerKind : byte
{
    /// <summary>Nothing; no record is of this kind.</summary>
    None = 0,

    /// <summary>The job ran, and succeeded.</summary>
    Succeeded = 1,

    /// <summary>The job ran, and failed.</summary>
    Failed = 2,

    /// <summary>The job did not run: somebody said that its outputs are good as they are.</summary>
    Accepted = 3,

    /// <summary>The job is to count as one that never ran.</summary>
    Forgotten = 4,
}
