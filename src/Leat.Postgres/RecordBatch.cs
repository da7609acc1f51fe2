using System.Security.Cryptography;
using Leat.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Leat.Postgres;

/// <summary>Records that are written in one statement.</summary>
internal sealed class RecordBatch
{
    private const int MostRecords = 4096;
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LedgerRecord> records = [];
    private readonly Dictionary<string, (int Last, int? Good)> jobs = new(StringComparer.Ordinal);
    private long bytes;

    /// <summary>How many records it has.</summary>
    public int Count => records.Count;

    /// <summary>Completes when the records are in the database, or with the reason why not.</summary>
    public Task Written => written.Task;

    public void Done() => written.SetResult();

    /// <summary>Tells those who wait; nobody has to.</summary>
    public void Failed(Exception error)
    {
        written.SetException(error);
        _ = written.Task.Exception;
    }

    /// <summary>Takes a record.</summary>
    /// <returns>False if it is full.</returns>
    public bool TryAdd(LedgerRecord record)
    {
        long size = 100 + record.Job.Length + record.Run.Length + record.Machine.Length + record.Message.Length + record.State.Length;
        if (records.Count == MostRecords || (records.Count > 0 && bytes + size > MostBytes)) return false;
        bytes += size;
        // Who appends may use the bytes again.
        records.Add(record with { State = record.State.ToArray() });
        (int Last, int? Good) job = jobs.GetValueOrDefault(record.Job, (0, null));
        jobs[record.Job] = record.Kind == LedgerKind.Forgotten ? (0, 0) : (records.Count, record.IsGood ? records.Count : job.Good);
        return true;
    }

    /// <summary>What the statement that writes them needs behind its first three values.</summary>
    /// <param name="before">The number of the record before the first.</param>
    public IEnumerable<NpgsqlParameter> Values(long before)
    {
        yield return Many(NpgsqlDbType.Uuid, each => KeyOf(each.Job));
        yield return Many(NpgsqlDbType.Smallint, each => (short)each.Kind);
        yield return Many(NpgsqlDbType.Integer, each => each.Attempts);
        yield return Many(NpgsqlDbType.Bigint, each => each.Started.UtcTicks);
        yield return Many(NpgsqlDbType.Bigint, each => each.Time.Ticks);
        yield return Many(NpgsqlDbType.Text, each => EscapedText.Of(each.Job));
        yield return Many(NpgsqlDbType.Text, each => EscapedText.Of(each.Run));
        yield return Many(NpgsqlDbType.Text, each => EscapedText.Of(each.Machine));
        yield return Many(NpgsqlDbType.Text, each => EscapedText.Of(each.Message));
        yield return Many(NpgsqlDbType.Bytea, each => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(each.State, out ArraySegment<byte> state) ? state.Array! : []);

        KeyValuePair<string, (int Last, int? Good)>[] changed = [.. jobs];
        yield return Array(NpgsqlDbType.Uuid, [.. changed.Select(each => KeyOf(each.Key))]);
        yield return Array(NpgsqlDbType.Bigint, [.. changed.Select(each => each.Value.Last > 0 ? before + each.Value.Last : 0)]);
        yield return Array(NpgsqlDbType.Bigint, [.. changed.Select(each => each.Value.Good switch { null => -1, 0 => 0, { } good => before + good })]);
    }

    /// <summary>What stands for a job in an index: 16 bytes of a digest of its name.</summary>
    public static Guid KeyOf(string job)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(job), digest);
        return new Guid(digest[..16], bigEndian: true);
    }

    private NpgsqlParameter<T[]> Many<T>(NpgsqlDbType type, Func<LedgerRecord, T> value) => Array<T>(type, [.. records.Select(value)]);

    private static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType type, T[] values) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
