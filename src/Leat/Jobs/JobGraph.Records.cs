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

    /// <summary>Finds what the last attempt at a job has written to its standard output and error.</summary>
    /// <param name="job">The job's name.</param>
    /// <returns>The path of the file; null if no run that is kept has one.</returns>
    public string? FindLog(JobId job) => job.Text.Length == 0 ? StateFolder : null;
}
