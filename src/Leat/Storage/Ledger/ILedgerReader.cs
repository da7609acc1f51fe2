namespace Leat.Storage;

/// <summary>A ledger as it was when it was opened. All members may be called from any thread.</summary>
public interface ILedgerReader : IAsyncDisposable
{
    /// <summary>
    /// The latest record of every job, whatever its kind, but for those that were forgotten. It stays as it was when the
    /// ledger was opened. Records are made when they are asked for, and are not kept.
    /// </summary>
    IReadOnlyDictionary<string, LedgerRecord> Latest { get; }

    /// <summary>
    /// The latest record of every job that says that its outputs are good (<see cref="LedgerKind.Succeeded"/> or
    /// <see cref="LedgerKind.Accepted"/>), also where it has failed since, but for those that were forgotten since.
    /// </summary>
    IReadOnlyDictionary<string, LedgerRecord> Good { get; }

    /// <summary>What of the ledger was lost or found odd when it was opened; usually nothing.</summary>
    IReadOnlyList<LedgerWarning> Warnings { get; }

    /// <summary>
    /// The records of a job, the newest first; in a session with those that were appended. How far back they go is the
    /// ledger's affair. None for a job that never ran.
    /// </summary>
    /// <param name="job">The job's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">The ledger can't be read.</exception>
    ValueTask<IReadOnlyList<LedgerRecord>> HistoryAsync(string job, CancellationToken cancellationToken = default);
}
