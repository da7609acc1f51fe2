namespace Leat.Postgres;

/// <summary>Where a <see cref="PostgresLedger"/> is, and how it works.</summary>
public sealed record PostgresLedgerOptions
{
    /// <summary>The environment variable that is read where no connection string is given: <c>LEAT_POSTGRES</c>.</summary>
    public const string Variable = "LEAT_POSTGRES";

    /// <summary>The name of the graph, from 1 to 200 characters. Programs that give the same one have the same ledger.</summary>
    public required string Graph { get; init; }

    /// <summary>
    /// Where the server is, as Npgsql says it: <c>Host=db1;Database=lab;Username=anna</c>. Null, the default, for what the environment
    /// variable <c>LEAT_POSTGRES</c> says when the ledger is made. A password is better kept in <c>~/.pgpass</c>, where Npgsql looks for it.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>The schema of the database in which the tables are; made if it is not there. <c>leat</c> by default.</summary>
    public string Schema { get; init; } = "leat";

    /// <summary>
    /// How long after the last sign of life of a run another one may take the ledger, by the server's clock. 30 seconds by default, at
    /// least 1 second. A run gives four signs in that time.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a run tries to reach a server that it has lost, before it fails. 1 minute by default; zero does not try again.
    /// </summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many records of each job survive a compaction, at least 1. 100 by default.</summary>
    public int History { get; init; } = 100;

    /// <summary>Tells since when a run has the ledger, and when to give a sign of life and to try again. The system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>All but the connection string, which may have a password.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{nameof(PostgresLedgerOptions)} {{ Graph = {Graph}, Schema = {Schema}, Lease = {Lease}, RetryFor = {RetryFor}, History = {History} }}");

    /// <summary>Refuses options that are out of their range.</summary>
    /// <exception cref="LeatException">One is.</exception>
    internal void Check()
    {
        if (Graph is not { Length: > 0 and <= 200 } || Graph.Any(char.IsControl) || Graph.Any(char.IsSurrogate)) throw PostgresErrors.BadOption(nameof(Graph), $"'{Graph}'", "a name of 1 to 200 characters that can be printed");
        if (!IsName(Schema)) throw PostgresErrors.BadOption(nameof(Schema), $"'{Schema}'", "1 to 63 of a-z, 0-9 and _, and not start with a digit or pg_");
        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromDays(1)) throw PostgresErrors.BadOption(nameof(Lease), Lease.ToString(), "from 1 second to 1 day");
        if (RetryFor < TimeSpan.Zero) throw PostgresErrors.BadOption(nameof(RetryFor), RetryFor.ToString(), "zero or more");
        if (History < 1) throw PostgresErrors.BadOption(nameof(History), FormattableString.Invariant($"{History}"), "1 or more records");
        ArgumentNullException.ThrowIfNull(Clock);
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= 63 }
        && !char.IsAsciiDigit(name[0])
        && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.All(static each => each is '_' || char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each));
}
