using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Leat.Storage;

namespace Leat.Postgres;

/// <summary>One record of each job, made when it is asked for.</summary>
internal sealed class RecordsByJob<TRow>(Dictionary<string, TRow> rows, Func<TRow, LedgerRecord> read) : IReadOnlyDictionary<string, LedgerRecord>
{
    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => rows.Keys;

    /// <inheritdoc/>
    public IEnumerable<LedgerRecord> Values => rows.Values.Select(read);

    /// <inheritdoc/>
    public LedgerRecord this[string key] => TryGetValue(key, out LedgerRecord? record) ? record : throw PostgresErrors.NoSuchJob(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => rows.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out LedgerRecord value)
    {
        value = rows.TryGetValue(key, out TRow? row) ? read(row) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, LedgerRecord>> GetEnumerator() => rows.Select(each => KeyValuePair.Create(each.Key, read(each.Value))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
