using System.Net.Sockets;
using Npgsql;

namespace Leat.Postgres;

/// <summary>What the errors of a server mean.</summary>
internal static class PostgresFaults
{
    private const string IdleInTransaction = "25P03", IdleSession = "57P05";

    /// <summary>The connection is lost, and what was asked is done or not: it may be asked again over another one.</summary>
    public static bool IsLoss(Exception error) => error switch
    {
        PostgresException told => IsComingOrGoing(told) || told.SqlState is ['0', '8', ..] or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.TooManyConnections or IdleInTransaction or IdleSession,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        // A connection that breaks while it is used.
        ObjectDisposedException or InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <summary>The server starts or ends: it is the right one, and will be back.</summary>
    public static bool IsComingOrGoing(Exception error) => error is PostgresException
    {
        SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
    };

    public static bool IsForbidden(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege };
}
