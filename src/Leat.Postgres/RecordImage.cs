using System.Buffers.Binary;
using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>
/// The last records of all jobs, one behind the other in one buffer, from which records are made when they are asked for.
/// <see cref="LedgerStatements.Load"/> has the server write them: numbers in fixed places, big-endian, four texts with their lengths, the state.
/// </summary>
internal sealed class RecordImage
{
    private const int FlagsAt = 0, KindAt = 2, AttemptsAt = 4, StartedAt = 8, TimeAt = 16, TextsAt = 24;
    private const short IsLatest = 1, IsGood = 2;

    private readonly byte[] bytes;
    private readonly Dictionary<string, Row> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Row> good = new(StringComparer.Ordinal);

    private RecordImage(byte[] bytes, IEnumerable<Row> rows)
    {
        this.bytes = bytes;
        foreach (Row row in rows) Index(row);
        Latest = new RecordsByJob<Row>(latest, Read);
        Good = new RecordsByJob<Row>(good, Read);
    }

    /// <summary>One without records.</summary>
    public static RecordImage Empty { get; } = new([], []);

    public IReadOnlyDictionary<string, LedgerRecord> Latest { get; }

    public IReadOnlyDictionary<string, LedgerRecord> Good { get; }

    /// <summary>Loads it.</summary>
    /// <exception cref="InvalidDataException">There is more than fits into one array.</exception>
    public static async Task<RecordImage> LoadAsync(NpgsqlConnection connection, string statement, int graph, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        List<Row> rows = [];
        int end = 0;
        NpgsqlCommand command = connection.Command(statement, graph);
        command.CommandTimeout = 0;
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    int length = (int)reader.GetBytes(0, 0, buffer: null, 0, 0);
                    if ((long)end + length > Array.MaxLength) throw new InvalidDataException($"the last records of all jobs have more than {Array.MaxLength} bytes");
                    if (end + length > buffer.Length) Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, Math.Max(buffer.Length * 2L, (long)end + length)));
                    reader.GetBytes(0, 0, buffer, end, length);
                    rows.Add(new Row(end, length));
                    end += length;
                }
            }
        }
        return new RecordImage(buffer, rows);
    }

    private void Index(Row row)
    {
        short flags = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(row.Start + FlagsAt));
        int at = row.Start + TextsAt;
        string job = Text(ref at);
        if ((flags & IsLatest) != 0) latest[job] = row;
        if ((flags & IsGood) != 0) good[job] = row;
    }

    private LedgerRecord Read(Row row)
    {
        int at = row.Start + TextsAt;
        ReadOnlySpan<byte> numbers = bytes.AsSpan(row.Start, TextsAt);
        return new LedgerRecord
        {
            Kind = (LedgerKind)BinaryPrimitives.ReadInt16BigEndian(numbers[KindAt..]),
            Attempts = BinaryPrimitives.ReadInt32BigEndian(numbers[AttemptsAt..]),
            Started = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(numbers[StartedAt..]), TimeSpan.Zero),
            Time = new TimeSpan(BinaryPrimitives.ReadInt64BigEndian(numbers[TimeAt..])),
            Job = Text(ref at),
            Run = Text(ref at),
            Machine = Text(ref at),
            Message = Text(ref at),
            State = bytes.AsMemory(at, row.Start + row.Length - at),
        };
    }

    private string Text(ref int at)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
        string text = EscapedText.Read(bytes.AsSpan(at + 4, length));
        at += 4 + length;
        return text;
    }

    private readonly record struct Row(int Start, int Length);
}
