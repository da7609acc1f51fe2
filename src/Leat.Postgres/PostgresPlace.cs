using Npgsql;

namespace Leat.Postgres;

/// <summary>Where a ledger is, for people to read; without a password.</summary>
/// <param name="Graph">The name of the graph.</param>
/// <param name="Schema">The schema of its tables.</param>
/// <param name="Server">Host, port and database.</param>
/// <param name="User">Who connects.</param>
internal sealed record PostgresPlace(string Graph, string Schema, string Server, string User)
{
    public static PostgresPlace Of(NpgsqlConnectionStringBuilder connection, PostgresLedgerOptions options)
    {
        string user = connection.Username is { Length: > 0 } given ? given : Environment.UserName;
        string database = connection.Database is { Length: > 0 } named ? named : user;
        return new PostgresPlace(options.Graph, options.Schema, FormattableString.Invariant($"{connection.Host}:{connection.Port}/{database}"), user);
    }

    /// <summary>All but the user, as a part of a sentence.</summary>
    public override string ToString() => $"of the graph '{Graph}' in the schema {Schema} at {Server}";
}
