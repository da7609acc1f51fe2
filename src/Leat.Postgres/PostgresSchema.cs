using Npgsql;

namespace Leat.Postgres;

/// <summary>Sees to it that the tables are there, in the version that this Leat knows.</summary>
internal sealed class PostgresSchema(PostgresPlace place)
{
    private const string HasVersion =
        "select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = 'ledger_version')";

    /// <summary>The version that this Leat knows.</summary>
    public static int Known => SchemaScripts.All.Count;

    private string VersionTable => $"\"{place.Schema}\".ledger_version";

    /// <summary>Whether there is something to read.</summary>
    /// <exception cref="LeatException">It is of a newer Leat, or the database has no Unicode.</exception>
    public async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string encoding = (string)(await connection.AskAsync("select current_setting('server_encoding')", [], cancellationToken).ConfigureAwait(false))!;
        if (encoding != "UTF8") throw PostgresErrors.NotUnicode(place, encoding);
        int version = await VersionAsync(connection, cancellationToken).ConfigureAwait(false);
        return version <= Known ? version > 0 : throw PostgresErrors.Newer(place, version, Known);
    }

    /// <summary>Makes the tables, or brings them to this version, if they are not.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExistsAsync(connection, cancellationToken).ConfigureAwait(false);
        if (await VersionAsync(connection, cancellationToken).ConfigureAwait(false) == Known) return;
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Who comes second finds it done.
            await connection.TellAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", [$"leat {place.Schema}"], cancellationToken).ConfigureAwait(false);
            await MigrateAsync(connection, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        int version = await VersionAsync(connection, cancellationToken).ConfigureAwait(false);
        if (version >= Known) return;
        // "If not exists" alone would ask for the right to make a schema also where it is there.
        bool isThere = (bool)(await connection.AskAsync("select exists (select from pg_catalog.pg_namespace where nspname = $1)", [place.Schema], cancellationToken).ConfigureAwait(false))!;
        if (!isThere) await connection.TellAsync($"create schema \"{place.Schema}\"", [], cancellationToken).ConfigureAwait(false);
        for (; version < Known; version++)
        {
            await connection.TellAsync(SchemaScripts.All[version].Replace("{s}", $"\"{place.Schema}\"", StringComparison.Ordinal), [], cancellationToken).ConfigureAwait(false);
        }
        await connection.TellAsync($"update {VersionTable} set version = {Known}", [], cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // From the tables of the system, because to_regclass() may answer from a cache and not see what another run has just made.
        bool isThere = (bool)(await connection.AskAsync(HasVersion, [place.Schema], cancellationToken).ConfigureAwait(false))!;
        return isThere ? (int)(await connection.AskAsync($"select version from {VersionTable}", [], cancellationToken).ConfigureAwait(false))! : 0;
    }
}
