using Leat.Storage;

namespace Leat.Postgres;

/// <summary>A ledger in PostgreSQL to look at.</summary>
internal sealed class PostgresReader(PostgresLedger ledger, PostgresConnector connector, RecordImage image, int graph, long last) : ILedgerReader
{
    private const int None = 0;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Latest => image.Latest;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Good => image.Good;

    /// <inheritdoc/>
    public IReadOnlyList<LedgerWarning> Warnings => [];

    /// <summary>Loads the ledger.</summary>
    /// <exception cref="LeatException">It can't be read.</exception>
    public static async Task<PostgresReader> OpenAsync(PostgresLedger ledger, CancellationToken cancellationToken)
    {
        PostgresConnector connector = ledger.Connector();
        try
        {
            int graph = await connector.DoAsync(
                "read",
                async (connection, cancel) => await new PostgresSchema(ledger.Place).ExistsAsync(connection, cancel).ConfigureAwait(false)
                    && await connection.AskAsync(ledger.Statements.Graph, [ledger.Options.Graph], cancel).ConfigureAwait(false) is int found ? found : None,
                cancellationToken).ConfigureAwait(false);
            if (graph == None) return new PostgresReader(ledger, connector, RecordImage.Empty, graph, 0);
            (RecordImage image, long last, _) = await ledger.LoadAsync(connector, graph, cancellationToken).ConfigureAwait(false);
            return new PostgresReader(ledger, connector, image, graph, last);
        }
        catch (Exception)
        {
            await connector.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerRecord>> HistoryAsync(string job, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        if (graph == None) return [];
        return await connector.DoAsync(
            "read",
            (connection, cancel) => HistoryQuery.ReadAsync(connection, ledger.Statements.History, graph, job, last, cancel),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connector.DisposeAsync();
}
