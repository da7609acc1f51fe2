using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Leat.Storage;

/// <summary>One record of each job, made when it is asked for.</summary>
internal sealed class JournalRecords(JournalImage image, bool isGood) : IReadOnlyDictionary<string, LedgerRecord>, IRecordStates
{
    /// <inheritdoc/>
    public int Count { get; } = image.Index.Jobs.Values.Count(slot => RecordOf(slot, isGood) != JournalIndex.None);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => Records.Select(each => each.Job);

    /// <inheritdoc/>
    public IEnumerable<LedgerRecord> Values => Records.Select(each => image.Record(each.Record));

    private IEnumerable<(string Job, int Record)> Records => image.Index.Jobs
        .Select(each => (each.Key, RecordOf(each.Value, isGood)))
        .Where(each => each.Item2 != JournalIndex.None);

    /// <inheritdoc/>
    public LedgerRecord this[string key] => TryGetValue(key, out LedgerRecord? record) ? record : throw LedgerErrors.NoSuchJob(key);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Find(key) != JournalIndex.None;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out LedgerRecord value)
    {
        int record = Find(key);
        value = record == JournalIndex.None ? null : image.Record(record);
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, LedgerRecord>> GetEnumerator() =>
        Records.Select(each => KeyValuePair.Create(each.Job, image.Record(each.Record))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool TryGetState(string job, out ReadOnlyMemory<byte> state, out TimeSpan time)
    {
        int record = Find(job);
        if (record == JournalIndex.None)
        {
            (state, time) = (default, default);
            return false;
        }

        JournalIndex.Link link = image.Index[record];
        state = RecordForm.StateOf(image.Bytes.Slice(link.Position, link.Length), out time);
        return true;
    }

    private int Find(string key) => image.Index.Jobs.TryGetValue(key, out JournalIndex.Slot slot) ? RecordOf(slot, isGood) : JournalIndex.None;

    private static int RecordOf(JournalIndex.Slot slot, bool isGood) => slot.IsForgotten ? JournalIndex.None : isGood ? slot.Good : slot.Last;
}
