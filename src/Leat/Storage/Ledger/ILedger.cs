namespace Leat.Storage;

/// <summary>
/// What the jobs of one graph have done: what ran, from which inputs, to which outputs, when, where and how long. Kept so
/// that the next run knows what is up to date, however the last one ended.
/// </summary>
public interface ILedger
{
    /// <summary>Opens the ledger for a run, and loads it. One run at a time has it.</summary>
    /// <param name="run">Who asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerHeldException">Another run has it.</exception>
    /// <exception cref="LeatException">It can't be read or written, or is of a newer Leat.</exception>
    ValueTask<ILedgerSession> OpenAsync(LedgerRun run, CancellationToken cancellationToken = default);

    /// <summary>Loads the ledger to look at it, also while a run has it. Nothing is changed; one that does not exist is empty.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">It can't be read, or is of a newer Leat.</exception>
    ValueTask<ILedgerReader> OpenForReadingAsync(CancellationToken cancellationToken = default);
}
