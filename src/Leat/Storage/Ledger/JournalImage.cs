namespace Leat.Storage;

/// <summary>A journal as it was loaded: all its bytes, and what of them is sound.</summary>
internal sealed class JournalImage
{
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required JournalIndex Index { get; init; }

    public required IReadOnlyList<LedgerWarning> Warnings { get; init; }

    /// <summary>Where the next record goes: behind the last one that is sound.</summary>
    public required int End { get; init; }

    /// <summary>The number of the last record.</summary>
    public required uint LastNumber { get; init; }

    /// <summary>Whether bytes ahead of the end are damaged, so that the file must be written anew.</summary>
    public required bool IsDamaged { get; init; }

    /// <summary>A journal that has nothing in it.</summary>
    public static JournalImage Empty { get; } = JournalScan.Read("", default);

    /// <summary>The latest records.</summary>
    public JournalRecords Latest => field ??= new JournalRecords(this, isGood: false);

    /// <summary>The latest good records.</summary>
    public JournalRecords Good => field ??= new JournalRecords(this, isGood: true);

    /// <summary>Makes a record.</summary>
    public LedgerRecord Record(int index)
    {
        JournalIndex.Link link = Index[index];
        return RecordForm.Read(Bytes.Slice(link.Position, link.Length));
    }

    /// <summary>The records of a job, the newest first.</summary>
    public IReadOnlyList<LedgerRecord> HistoryOf(string job) => [.. Index.HistoryOf(job).Select(Record)];
}
