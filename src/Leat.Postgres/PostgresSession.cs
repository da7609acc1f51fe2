using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>A ledger in PostgreSQL in the hands of a run.</summary>
internal sealed class PostgresSession : ILedgerSession
{
    /// <summary>How many records must have come since the last compaction before another one is worth while, at least.</summary>
    private const int CompactFrom = 10_000;

    private readonly PostgresLedger ledger;
    private readonly PostgresConnector connector;
    private readonly PostgresLease lease;
    private readonly RecordImage image;
    private readonly RecordAppender appender;
    private long number;
    private long compacted;

    private PostgresSession(PostgresLedger ledger, PostgresConnector connector, PostgresLease lease, RecordImage image, long number, long compacted)
    {
        (this.ledger, this.connector, this.lease, this.image, this.number, this.compacted) = (ledger, connector, lease, image, number, compacted);
        appender = new RecordAppender(WriteAsync);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Latest => image.Latest;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, LedgerRecord> Good => image.Good;

    /// <inheritdoc/>
    public IReadOnlyList<LedgerWarning> Warnings => [];

    private LedgerStatements Statements => ledger.Statements;

    /// <summary>Opens the ledger.</summary>
    /// <exception cref="LeatException">It can't be read or written, or another run has it.</exception>
    public static async Task<PostgresSession> OpenAsync(PostgresLedger ledger, LedgerRun run, CancellationToken cancellationToken)
    {
        PostgresConnector opened = ledger.Connector();
        PostgresLease? taken = null;
        try
        {
            taken = await PostgresLease.TakeAsync(ledger, opened, run, cancellationToken).ConfigureAwait(false);
            (RecordImage loaded, long last, long old) = await ledger.LoadAsync(opened, taken.Graph, cancellationToken).ConfigureAwait(false);
            return new PostgresSession(ledger, opened, taken, loaded, last, old);
        }
        catch (Exception)
        {
            if (taken is not null) await ReleaseAsync(ledger, opened, taken).ConfigureAwait(false);
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(LedgerRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        Task written = appender.AppendAsync(record);
        return new ValueTask(cancellationToken.CanBeCanceled ? written.WaitAsync(cancellationToken) : written);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        // What the server has confirmed is on its disk.
        appender.ThrowIfClosed();
        await appender.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompactAsync(CancellationToken cancellationToken = default)
    {
        appender.ThrowIfClosed();
        await appender.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        lease.ThrowIfLost();
        await DropOldAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerRecord>> HistoryAsync(string job, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        appender.ThrowIfClosed();
        await appender.DrainAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await connector.DoAsync(
            "read",
            (connection, cancel) => HistoryQuery.ReadAsync(connection, Statements.History, lease.Graph, job, long.MaxValue, cancel),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!appender.Close()) return;
        await appender.DrainAsync().ConfigureAwait(false);
        try
        {
            if (await IsWorthWhileAsync().ConfigureAwait(false)) await DropOldAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (LeatException)
        {
            // The next run tries again.
        }
        await ReleaseAsync(ledger, connector, lease).ConfigureAwait(false);
        await connector.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task ReleaseAsync(PostgresLedger ledger, PostgresConnector connector, PostgresLease lease)
    {
        await lease.DisposeAsync().ConfigureAwait(false);
        try
        {
            await connector.DoAsync("closed", (connection, cancel) => connection.TellAsync(ledger.Statements.Release, [lease.Graph, lease.Fence], cancel), CancellationToken.None).ConfigureAwait(false);
        }
        catch (LeatException)
        {
            // Then it ends by itself, when its time is over.
        }
    }

    private async Task WriteAsync(RecordBatch batch)
    {
        lease.ThrowIfLost();
        // Numbers are never given twice, also where it is unknown whether a batch that failed was written.
        long before = number;
        number += batch.Count;
        NpgsqlParameter[] values = [.. batch.Values(before)];
        bool isHeld;
        try
        {
            isHeld = await connector.DoAsync(
                async (connection, cancel) =>
                {
                    object[] all = [lease.Graph, lease.Fence, before, .. values.Select(each => each.Clone())];
                    return await connection.AskAsync(Statements.Append, all, cancel).ConfigureAwait(false) is > 0L;
                },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (PostgresException error)
        {
            throw PostgresErrors.NotAppended(ledger.Place, batch.Count, error);
        }
        if (!isHeld) throw await LostAsync().ConfigureAwait(false);
    }

    // Whether so many records have come that the histories of all jobs can be half as long again as they may be.
    private async Task<bool> IsWorthWhileAsync()
    {
        if (number - compacted <= CompactFrom) return false;
        long jobs = await connector.DoAsync(
            "compacted",
            async (connection, cancel) => (long)(await connection.AskAsync(Statements.CountJobs, [lease.Graph], cancel).ConfigureAwait(false))!,
            CancellationToken.None).ConfigureAwait(false);
        return number - compacted > jobs * ledger.Options.History / 2;
    }

    private async Task DropOldAsync(CancellationToken cancellationToken)
    {
        long last = number;
        bool isHeld = await connector.DoAsync(
            "compacted",
            async (connection, cancel) =>
            {
                NpgsqlCommand command = connection.Command(Statements.Compact, lease.Graph, lease.Fence, ledger.Options.History, last);
                command.CommandTimeout = 0;
                await using (command.ConfigureAwait(false)) return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) is > 0L;
            },
            cancellationToken).ConfigureAwait(false);
        if (!isHeld) throw await LostAsync().ConfigureAwait(false);
        compacted = last;
    }

    private Task<LeatException> LostAsync() => connector.DoAsync("written", lease.LoseAsync, CancellationToken.None);
}
