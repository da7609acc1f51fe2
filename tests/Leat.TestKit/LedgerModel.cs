using Leat.Storage;
using Xunit;

namespace Leat.TestKit;

/// <summary>A ledger that is two dictionaries and a list.</summary>
public sealed class LedgerModel
{
    private readonly Dictionary<string, LedgerRecord> latest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LedgerRecord> good = new(StringComparer.Ordinal);
    private readonly List<LedgerRecord> all = [];

    public LedgerModel(params IEnumerable<LedgerRecord> records)
    {
        foreach (LedgerRecord record in records) Add(record);
    }

    public void Add(LedgerRecord record)
    {
        all.Add(record);
        latest[record.Job] = record;
        if (record.IsGood) good[record.Job] = record;
        if (record.Kind != LedgerKind.Forgotten) return;
        latest.Remove(record.Job);
        good.Remove(record.Job);
    }

    /// <summary>The records of a job, the newest first.</summary>
    public IEnumerable<LedgerRecord> HistoryOf(string job) => all.AsEnumerable().Reverse().Where(each => each.Job == job);

    /// <summary>Fails the test unless a ledger says the same.</summary>
    public void IsIn(ILedgerReader reader)
    {
        Assert.Equal(latest.OrderBy(each => each.Key, StringComparer.Ordinal), reader.Latest.OrderBy(each => each.Key, StringComparer.Ordinal));
        Assert.Equal(good.OrderBy(each => each.Key, StringComparer.Ordinal), reader.Good.OrderBy(each => each.Key, StringComparer.Ordinal));
        Assert.Equal((latest.Count, good.Count), (reader.Latest.Count, reader.Good.Count));
    }
}
