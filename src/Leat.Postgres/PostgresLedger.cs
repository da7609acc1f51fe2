using System.Data;
using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>
/// The ledger of a graph in a PostgreSQL database, which several machines, users and graphs share. Its tables are made when the
/// first run opens it. One run at a time writes to the ledger of a graph: it has a lease, which it loses when it gives no sign of
/// life. A server that restarts is waited for. <c>docs/postgres.md</c> tells more.
/// </summary>
public sealed class PostgresLedger : ILedger
{
    private readonly string connectionString;

    /// <summary>The ledger of a graph. Nothing is read or made before it is opened.</summary>
    /// <param name="options">Which graph, where, and how it works.</param>
    /// <exception cref="LeatException">There is no connection string or one that is none, or an option is out of its range.</exception>
    public PostgresLedger(PostgresLedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        string? given = options.ConnectionString ?? Environment.GetEnvironmentVariable(PostgresLedgerOptions.Variable);
        if (string.IsNullOrWhiteSpace(given)) throw PostgresErrors.NoConnectionString();
        NpgsqlConnectionStringBuilder builder = Parse(given, isFromEnvironment: options.ConnectionString is null);
        // Connections are kept by those who use them; and a connection to a machine that is gone must end some time.
        builder.Pooling = false;
        if (builder.KeepAlive == 0) builder.TcpKeepAlive = true;
        builder.ApplicationName ??= "leat";
        connectionString = builder.ConnectionString;
        Options = options;
        Place = PostgresPlace.Of(builder, options);
        Statements = new LedgerStatements(options.Schema);
    }

    /// <summary>Which graph it is for.</summary>
    public string Graph => Options.Graph;

    internal PostgresLedgerOptions Options { get; }

    internal PostgresPlace Place { get; }

    internal LedgerStatements Statements { get; }

    /// <inheritdoc/>
    public async ValueTask<ILedgerSession> OpenAsync(LedgerRun run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return await PostgresSession.OpenAsync(this, run, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ILedgerReader> OpenForReadingAsync(CancellationToken cancellationToken = default) =>
        await PostgresReader.OpenAsync(this, cancellationToken).ConfigureAwait(false);

    /// <summary>Graph, schema, host, port and database; no password.</summary>
    public override string ToString() => Place.ToString();

    /// <summary>A new connection, which is opened when it is needed.</summary>
    internal PostgresConnector Connector() => new(connectionString, Place, Options);

    /// <summary>Loads what was there at one instant, with the number of the last record and that at the last compaction.</summary>
    internal async Task<(RecordImage Image, long Last, long Compacted)> LoadAsync(PostgresConnector connector, int graph, CancellationToken cancellationToken)
    {
        try
        {
            return await connector.DoAsync("read", (connection, cancel) => LoadAsync(connection, graph, cancel), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException error)
        {
            throw PostgresErrors.Refused(Place, "read", error);
        }
    }

    private async Task<(RecordImage Image, long Last, long Compacted)> LoadAsync(NpgsqlConnection connection, int graph, CancellationToken cancellationToken)
    {
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            (long last, long compacted) = await NumbersAsync(connection, graph, cancellationToken).ConfigureAwait(false);
            RecordImage image = await RecordImage.LoadAsync(connection, Statements.Load, graph, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return (image, last, compacted);
        }
    }

    private async Task<(long Last, long Compacted)> NumbersAsync(NpgsqlConnection connection, int graph, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = connection.Command(Statements.Numbers, graph);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                await row.ReadAsync(cancellationToken).ConfigureAwait(false);
                return (row.GetInt64(0), row.GetInt64(1));
            }
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string text, bool isFromEnvironment)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return builder.Host is { Length: > 0 } ? builder : throw PostgresErrors.BadConnectionString(isFromEnvironment);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw PostgresErrors.BadConnectionString(isFromEnvironment);
        }
    }
}
