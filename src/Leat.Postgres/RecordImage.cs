using System.Buffers.Binary;
using Leat.Storage;
using Npgsql;

namespace Leat.Postgres;

/// <summary>
/// The last records of all jobs, as the server sends them in a binary copy: in one buffer, from which records are made when they are
/// asked for.
/// </summary>
internal sealed class RecordImage
{
    /// <summary>Where a field is in a row; ahead of each there are 4 bytes with its length, and ahead of the first 2 with their number.</summary>
    private const int FlagsAt = 6, KindAt = 12, AttemptsAt = 18, StartedAt = 26, TimeAt = 38, TextsAt = 46;
    private const int HeaderSize = 19;
    private const short IsLatest = 1, IsGood = 2;

    private readonly byte[] bytes;
    private readonly Dictionary<string, int> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> good = new(StringComparer.Ordinal);

    private RecordImage(byte[] bytes, int length)
    {
        this.bytes = bytes;
        for (int at = HeaderSize; at < length && BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(at)) > 0;) at = Index(at);
        Latest = new RecordsByJob(latest, Read);
        Good = new RecordsByJob(good, Read);
    }

    /// <summary>One without records.</summary>
    public static RecordImage Empty { get; } = new([], 0);

    public IReadOnlyDictionary<string, LedgerRecord> Latest { get; }

    public IReadOnlyDictionary<string, LedgerRecord> Good { get; }

    /// <summary>Loads it.</summary>
    /// <exception cref="InvalidDataException">There is more than fits into one array.</exception>
    public static async Task<RecordImage> LoadAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(statement, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            stream.ReadTimeout = 0;
            byte[] buffer = new byte[64 * 1024];
            int length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                length += read;
                if (length < buffer.Length) continue;
                if (length == Array.MaxLength) throw new InvalidDataException($"The last records of all jobs have more than {Array.MaxLength} bytes");
                Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, buffer.Length * 2L));
            }
            return new RecordImage(buffer, length);
        }
    }

    private int Index(int row)
    {
        short flags = BinaryPrimitives.ReadInt16BigEndian(bytes.AsSpan(row + FlagsAt));
        int at = row + TextsAt;
        string job = EscapedText.Read(Field(ref at).Span);
        if ((flags & IsLatest) != 0) latest[job] = row;
        if ((flags & IsGood) != 0) good[job] = row;
        for (int field = 1; field < 5; field++) _ = Field(ref at);
        return at;
    }

    private LedgerRecord Read(int row)
    {
        int at = row + TextsAt;
        ReadOnlySpan<byte> numbers = bytes.AsSpan(row, TextsAt);
        return new LedgerRecord
        {
            Kind = (LedgerKind)BinaryPrimitives.ReadInt16BigEndian(numbers[KindAt..]),
            Attempts = BinaryPrimitives.ReadInt32BigEndian(numbers[AttemptsAt..]),
            Started = new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(numbers[StartedAt..]), TimeSpan.Zero),
            Time = new TimeSpan(BinaryPrimitives.ReadInt64BigEndian(numbers[TimeAt..])),
            Job = EscapedText.Read(Field(ref at).Span),
            Run = EscapedText.Read(Field(ref at).Span),
            Machine = EscapedText.Read(Field(ref at).Span),
            Message = EscapedText.Read(Field(ref at).Span),
            State = Field(ref at),
        };
    }

    private ReadOnlyMemory<byte> Field(ref int at)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
        ReadOnlyMemory<byte> field = bytes.AsMemory(at + 4, length);
        at += 4 + length;
        return field;
    }
}
