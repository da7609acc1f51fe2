namespace Leat.Storage;

/// <summary>
/// A ledger in the hands of the one run that may write to it. All members may be called from any thread. Disposing of it
/// waits for what was appended, brings it to the disk, and lets go of the ledger.
/// </summary>
public interface ILedgerSession : ILedgerReader
{
    /// <summary>
    /// Appends a record, behind all those whose call came before. When the task completes, the record survives the end of
    /// the process, however it ends; see <see cref="FlushAsync"/> for that of the machine. The call itself waits for
    /// nothing, and what is appended meanwhile is written at once: don't await one record before appending the next.
    /// </summary>
    /// <param name="record">What a job did.</param>
    /// <param name="cancellationToken">Ends the waiting; a record that was handed over is appended all the same.</param>
    /// <exception cref="LeatException">
    /// It can't be written: the disk is full, or another run has taken the ledger. The ledger is sound, and does not have the
    /// record; appending may be tried again.
    /// </exception>
    /// <exception cref="ArgumentException">The record can't be kept, whatever the ledger.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    ValueTask AppendAsync(LedgerRecord record, CancellationToken cancellationToken = default);

    /// <summary>Waits until all that was appended survives a loss of power, as far as the disk keeps its word.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="LeatException">The disk refused.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Drops old records: of each job its history stays as far back as the ledger keeps it, and what <see cref="ILedgerReader.Latest"/> and
    /// <see cref="ILedgerReader.Good"/> need. A ledger does so by itself when it is worth while.
    /// </summary>
    /// <param name="cancellationToken">Gives up; the ledger is as it was, or compacted.</param>
    /// <exception cref="LeatException">It can't be written; it is as it was.</exception>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    ValueTask CompactAsync(CancellationToken cancellationToken = default);
}
