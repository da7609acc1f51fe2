using Leat.Storage;

namespace Leat;

// What former runs have left.
public sealed partial class JobGraph
{
    /// <summary>What the ledger says last about each job, by the job's name; also while a run has the ledger.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LeatException">The ledger can't be read.</exception>
    public async Task<IReadOnlyDictionary<string, LedgerRecord>> LatestAsync(CancellationToken cancellationToken = default)
    {
        ILedgerReader reader = await Ledger.OpenForReadingAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return reader.Latest;
    }
}
