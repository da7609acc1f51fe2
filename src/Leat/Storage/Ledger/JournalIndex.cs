using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>Which records of a loaded journal are of which job. Of a record only the place of its body is kept.</summary>
internal sealed class JournalIndex
{
    private const int LongestOnStack = 512;

    private readonly Dictionary<string, Slot> jobs;
    private readonly Dictionary<string, Slot>.AlternateLookup<ReadOnlySpan<char>> byText;
    private readonly List<Link> links;

    /// <summary>An index without records.</summary>
    /// <param name="expected">How many records there may be.</param>
    public JournalIndex(int expected)
    {
        jobs = new Dictionary<string, Slot>(expected, StringComparer.Ordinal);
        links = new List<Link>(expected);
        byText = jobs.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>How many records there are.</summary>
    public int Count => links.Count;

    /// <summary>Every job, also one that was forgotten.</summary>
    public Dictionary<string, Slot> Jobs => jobs;

    /// <summary>Adds a record, later than all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> body, int position)
    {
        ReadOnlySpan<byte> job = RecordForm.JobOf(body);
        Span<char> text = job.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[job.Length];
        text = text[..System.Text.Encoding.UTF8.GetChars(job, text)];
        ref Slot slot = ref CollectionsMarshal.GetValueRefOrAddDefault(byText, text, out bool exists);
        links.Add(new Link(position, body.Length, exists ? slot.Last : None));
        int index = links.Count - 1;
        LedgerKind kind = RecordForm.KindOf(body);
        slot = kind switch
        {
            LedgerKind.Forgotten => new Slot(index, None, IsForgotten: true),
            LedgerKind.Succeeded or LedgerKind.Accepted => new Slot(index, index, IsForgotten: false),
            _ => new Slot(index, exists ? slot.Good : None, IsForgotten: false),
        };
    }

    /// <summary>Where the body of a record is.</summary>
    public Link this[int record] => links[record];

    /// <summary>The records of a job, the newest first.</summary>
    public IEnumerable<int> HistoryOf(string job)
    {
        if (!jobs.TryGetValue(job, out Slot slot)) yield break;
        for (int record = slot.Last; record != None; record = links[record].Previous) yield return record;
    }

    /// <summary>Which records stay in a compaction.</summary>
    /// <param name="history">How many of each job.</param>
    /// <param name="bytes">How many bytes they take with their heads.</param>
    public bool[] Kept(int history, out long bytes)
    {
        bool[] kept = new bool[links.Count];
        bytes = 0;
        foreach (Slot slot in jobs.Values)
        {
            int left = history;
            for (int record = slot.Last; record != None && left > 0; record = links[record].Previous, left--)
            {
                kept[record] = true;
                bytes += JournalFormat.HeadSize + links[record].Length;
            }
            if (slot.Good == None || kept[slot.Good]) continue;
            kept[slot.Good] = true;
            bytes += JournalFormat.HeadSize + links[slot.Good].Length;
        }
        return kept;
    }

    /// <summary>No record.</summary>
    public const int None = -1;

    /// <summary>The records of a job that matter most.</summary>
    internal readonly record struct Slot(int Last, int Good, bool IsForgotten);

    /// <summary>A record: where its body is, and which record of the same job came before.</summary>
    internal readonly record struct Link(int Position, int Length, int Previous);
}
