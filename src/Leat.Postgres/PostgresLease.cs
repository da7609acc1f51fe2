using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>
/// The right to write to the ledger of a graph, for as long as signs of life are given. Its number (the fence) grows each time it is
/// taken, and every statement that writes asks for it.
/// </summary>
/// <remarks>
/// <code>
/// Free ──take──▶ Held ──sign of life──▶ Held
///                Held ──release──▶ Free
///                Held ──no sign for the time of the lease──▶ Expired ──sign of life──▶ Held
///                                                            Expired ──taken by another run──▶ Lost
/// </code>
/// </remarks>
internal sealed class PostgresLease : IAsyncDisposable
{
    private readonly PostgresLedgerOptions options;
    private readonly PostgresPlace place;
    private readonly LedgerStatements statements;
    private readonly PostgresConnector signs;
    private readonly PeriodicTimer timer;
    private readonly Task beating;
    private readonly CancellationTokenSource ended = new();
    private LeatException? lost;

    private PostgresLease(PostgresLedger ledger, int graph, long fence)
    {
        (options, place, statements) = (ledger.Options, ledger.Place, ledger.Statements);
        (Graph, Fence) = (graph, fence);
        // Of its own, because loading or writing much may take longer than a lease.
        signs = ledger.Connector();
        timer = new PeriodicTimer(options.Lease / 4, options.Clock);
        beating = BeatAsync();
    }

    /// <summary>The number of the graph.</summary>
    public int Graph { get; }

    /// <summary>The number of the lease.</summary>
    public long Fence { get; }

    /// <summary>Takes the lease.</summary>
    /// <exception cref="LedgerHeldException">Another run has it.</exception>
    public static async Task<PostgresLease> TakeAsync(PostgresLedger ledger, PostgresConnector connector, LedgerRun run, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        (int graph, long fence) = await connector.DoAsync(
            "opened",
            async (connection, cancel) =>
            {
                await new PostgresSchema(ledger.Place).EnsureAsync(connection, cancel).ConfigureAwait(false);
                return await TakeAsync(ledger, connection, run, token, cancel).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return new PostgresLease(ledger, graph, fence);
    }

    /// <summary>Refuses to write when it is known that the lease is lost.</summary>
    /// <exception cref="LeatException">It is.</exception>
    public void ThrowIfLost()
    {
        if (Volatile.Read(ref lost) is { } error) throw error;
    }

    /// <summary>Notes that the lease is lost, as the server has said, and makes the error for that.</summary>
    public async Task<LeatException> LoseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        LeatException error = PostgresErrors.TakenOver(place, await HolderAsync(statements, connection, Graph, cancellationToken).ConfigureAwait(false));
        return Interlocked.CompareExchange(ref lost, error, null) ?? error;
    }

    /// <summary>Gives no more signs of life.</summary>
    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await ended.CancelAsync().ConfigureAwait(false);
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await signs.DisposeAsync().ConfigureAwait(false);
        ended.Dispose();
    }

    private static async Task<(int Graph, long Fence)> TakeAsync(PostgresLedger ledger, NpgsqlConnection connection, LedgerRun run, Guid token, CancellationToken cancellationToken)
    {
        LedgerStatements sql = ledger.Statements;
        if (await connection.AskAsync(sql.Graph, [ledger.Options.Graph], cancellationToken).ConfigureAwait(false) is not int graph)
        {
            await connection.TellAsync(sql.AddGraph, [ledger.Options.Graph], cancellationToken).ConfigureAwait(false);
            graph = (int)(await connection.AskAsync(sql.Graph, [ledger.Options.Graph], cancellationToken).ConfigureAwait(false))!;
        }
        object? fence = await connection.AskAsync(
            sql.Take,
            [
                graph, token, ledger.Options.Lease, ledger.Options.Clock.GetUtcNow().Ticks, Environment.ProcessId, Environment.MachineName, Environment.UserName,
                EscapedText.Of(run.Id), EscapedText.Of(run.CommandLine),
            ],
            cancellationToken).ConfigureAwait(false);
        return fence is long taken
            ? (graph, taken)
            : throw new LedgerHeldException(ledger.Place.ToString(), await HolderAsync(sql, connection, graph, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<LedgerHolder?> HolderAsync(LedgerStatements sql, NpgsqlConnection connection, int graph, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = connection.Command(sql.Holder, graph);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (row.ConfigureAwait(false))
            {
                if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false)) return null;
                var since = new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero);
                return new LedgerHolder(row.GetInt32(0), row.GetString(1), row.GetString(2), since, EscapedText.Read(row.GetString(4)), EscapedText.Read(row.GetString(5)));
            }
        }
    }

    private async Task BeatAsync()
    {
        while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false) && Volatile.Read(ref lost) is null)
        {
            try
            {
                await signs.DoAsync(RenewAsync, ended.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is LeatException or PostgresException)
            {
                // It is tried again, and whoever writes is told.
            }
        }
    }

    private async Task<bool> RenewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await connection.TellAsync(statements.Renew, [Graph, Fence, options.Lease], cancellationToken).ConfigureAwait(false) > 0) return true;
        await LoseAsync(connection, cancellationToken).ConfigureAwait(false);
        return false;
    }
}
