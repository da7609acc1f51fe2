namespace Leat.Storage;

/// <summary>What was lost of a ledger, or found odd, when it was opened. The rest of it is sound.</summary>
/// <param name="Message">What happened, to what, and what comes of it, in full sentences.</param>
public abstract record LedgerWarning(string Message)
{
    /// <summary>The message.</summary>
    public sealed override string ToString() => Message;
}

/// <summary>The end of the ledger was not complete, as happens when a run is killed or the disk is full.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Bytes">How many bytes were left out.</param>
/// <param name="Job">The job whose record was being written, as far as that can be told; else null. Not checked.</param>
public sealed record LedgerTailCut(string Message, long Bytes, string? Job) : LedgerWarning(Message);

/// <summary>Bytes in the middle of the ledger, or its header, were not those that were written.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Position">Where the damage starts, in bytes from the start of the file.</param>
/// <param name="Bytes">How many bytes were left out.</param>
/// <param name="Records">How many records were lost.</param>
public sealed record LedgerDamaged(string Message, long Position, long Bytes, long Records) : LedgerWarning(Message);

/// <summary>The ledger could not be compacted, and goes on growing.</summary>
/// <param name="Message">What happened.</param>
/// <param name="Exception">The file system's word on it.</param>
public sealed record LedgerNotCompacted(string Message, Exception Exception) : LedgerWarning(Message);
