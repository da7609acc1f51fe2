using Npgsql;

namespace Leat.Postgres;

/// <summary>Statements, short.</summary>
internal static class Asking
{
    /// <summary>A command; <c>$1</c> stands for the first value.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string statement, params ReadOnlySpan<object> values)
    {
#pragma warning disable CA2100 // What is put into statements is the schema, which has only letters, and numbers; texts are parameters.
        var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        foreach (object value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }

    /// <summary>The first value of the first row; null if there is none.</summary>
    public static async Task<object?> AskAsync(this NpgsqlConnection connection, string statement, object[] values, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = connection.Command(statement, values);
        await using (command.ConfigureAwait(false)) return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How many rows were changed.</summary>
    public static async Task<int> TellAsync(this NpgsqlConnection connection, string statement, object[] values, CancellationToken cancellationToken, int? timeout = null)
    {
        NpgsqlCommand command = connection.Command(statement, values);
        if (timeout is { } seconds) command.CommandTimeout = seconds;
        await using (command.ConfigureAwait(false)) return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
