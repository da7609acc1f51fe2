using Leat.Storage;

namespace Leat.Postgres;

/// <summary>Every error of ledgers in PostgreSQL, made in one place; <c>docs/errors.md</c> explains each.</summary>
internal static class PostgresErrors
{
    public static LeatException NoConnectionString() =>
        new("LEAT0190", $"There is no connection string for a ledger in PostgreSQL. Give PostgresLedgerOptions.ConnectionString, or set the environment variable {PostgresLedgerOptions.Variable}, for example to Host=db1;Database=lab;Username=anna.");

    // What it says is not repeated, nor what is wrong with it: a part of a password may be in that.
    public static LeatException BadConnectionString(bool isFromEnvironment) =>
        new("LEAT0191", $"The connection string {(isFromEnvironment ? $"in the environment variable {PostgresLedgerOptions.Variable}" : "of a ledger in PostgreSQL")} can't be understood. It has pairs of words that Npgsql knows, with semicolons between them, as in Host=db1;Database=lab;Username=anna; a value with a semicolon stands in quotation marks.");

    public static LeatException Unreachable(PostgresPlace place, TimeSpan tried, Exception cause) =>
        new("LEAT0192", $"The server of the ledger {place} can't be reached{(tried > TimeSpan.Zero ? FormattableString.Invariant($", and did not come back within {tried.TotalSeconds:0.#} s") : "")}: {Reason(cause)} Check that it runs there, and that {place.User} may connect. What was appended before is safe.", cause);

    public static LeatException NotAllowed(PostgresPlace place, Exception cause) =>
        new("LEAT0193", $"{place.User} may not use the ledger {place}: {Reason(cause)} Where the schema is not there yet, let somebody open the ledger first who may create it; then grant {place.User} usage of the schema, and select, insert, update and delete on its tables.", cause);

    public static LeatException Newer(PostgresPlace place, int version, int known) =>
        new("LEAT0194", FormattableString.Invariant($"The tables of the ledger {place} have version {version}, and this Leat knows versions up to {known}. Use a newer Leat; nothing was changed."));

    public static LeatException NotAppended(PostgresPlace place, int records, Exception cause) =>
        new("LEAT0195", FormattableString.Invariant($"What {records} jobs did can't be written to the ledger {place}: {Reason(cause)} They run again in the next run, unless they are recorded after all; what was written before is safe."), cause);

    public static LeatException TakenOver(PostgresPlace place, LedgerHolder? holder) =>
        new("LEAT0196", $"The ledger {place} was taken over by {holder?.ToString() ?? "another run"}, and nothing more is written to it. That happens when this process was frozen or cut off from the server for so long that it counted as dead. End it, or let the other one end and start again.");

    public static LeatException BadOption(string option, string value, string rule) =>
        new("LEAT0197", $"The option {option} of a ledger in PostgreSQL is {value}, and must be {rule}.");

    public static LeatException NotUnicode(PostgresPlace place, string encoding) =>
        new("LEAT0198", $"The database of the ledger {place} has the encoding {encoding}, which has no room for all names of files. Use a database with the encoding UTF8.");

    public static LeatException Refused(PostgresPlace place, string what, Exception cause) =>
        new("LEAT0199", $"The ledger {place} can't be {what}: {Reason(cause)} Check the server and its disk.", cause);

    /// <summary>As dictionaries say it.</summary>
    public static KeyNotFoundException NoSuchJob(string job) => new($"The ledger has no record of the job '{job}'.");

    private static string Reason(Exception cause)
    {
        string message = cause is Npgsql.PostgresException told ? $"the server says '{told.MessageText}' ({told.SqlState})" : cause.Message;
        return message.EndsWith('.') ? message : message + ".";
    }
}
