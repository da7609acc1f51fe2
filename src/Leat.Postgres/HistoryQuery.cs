using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>Reads the records of one job.</summary>
internal static class HistoryQuery
{
    /// <summary>The records, the newest first.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="statement"><see cref="LedgerStatements.History"/>.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="job">The job's id.</param>
    /// <param name="last">The number of the last record that counts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<LedgerRecord>> ReadAsync(NpgsqlConnection connection, string statement, int graph, string job, long last, CancellationToken cancellationToken)
    {
        NpgsqlCommand command = connection.Command(statement, graph, RecordBatch.KeyOf(job), last);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                List<LedgerRecord> records = [];
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false)) records.Add(Record(rows));
                return records;
            }
        }
    }

    private static LedgerRecord Record(NpgsqlDataReader row) => new()
    {
        Kind = (LedgerKind)row.GetInt16(0),
        Attempts = row.GetInt32(1),
        Started = new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero),
        Time = new TimeSpan(row.GetInt64(3)),
        Job = EscapedText.Read(row.GetString(4)),
        Run = EscapedText.Read(row.GetString(5)),
        Machine = EscapedText.Read(row.GetString(6)),
        Message = EscapedText.Read(row.GetString(7)),
        State = row.GetFieldValue<byte[]>(8),
    };
}
