using System.Runtime.CompilerServices;

namespace Leat.Storage;

/// <summary>
/// Goes through the bytes of a journal, and takes every record whose checksums are right. Behind one whose head is right it
/// goes on at the end of that record; behind anything else at the next marker. So it is linear, and no byte of a record's
/// state can be taken for a record.
/// </summary>
internal ref struct JournalScan
{
    private const int GuessedRecord = 256;

    private readonly string path;
    private readonly ReadOnlySpan<byte> file;
    private readonly JournalIndex index;
    private readonly List<LedgerWarning> warnings;
    private int at;
    private int end;
    private uint lastNumber;
    private int damagedFrom;
    private bool isDamaged;

    private JournalScan(string path, ReadOnlySpan<byte> file)
    {
        this.path = path;
        this.file = file;
        index = new JournalIndex(file.Length / GuessedRecord);
        warnings = [];
        damagedFrom = -1;
    }

    /// <summary>Reads a journal.</summary>
    /// <param name="path">Its file, for what is told of it.</param>
    /// <param name="bytes">What the file has.</param>
    /// <exception cref="LeatException">It is of a newer Leat, or no journal.</exception>
    public static JournalImage Read(string path, ReadOnlyMemory<byte> bytes)
    {
        var scan = new JournalScan(path, bytes.Span);
        HeaderState header = JournalFormat.ReadHeader(bytes.Span, out long version);
        if (header == HeaderState.Newer) throw LedgerErrors.Newer(path, version, JournalFormat.Version);
        scan.ReadRecords();
        if (header == HeaderState.Foreign && scan.index.Count == 0) throw LedgerErrors.NoJournal(path);
        scan.Tell(header);
        return new JournalImage
        {
            Bytes = bytes,
            Index = scan.index,
            Warnings = scan.warnings,
            End = scan.end,
            LastNumber = scan.lastNumber,
            IsDamaged = scan.isDamaged,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRecords()
    {
        at = end = Math.Min(file.Length, JournalFormat.HeaderSize);
        while (at < file.Length)
        {
            if (!JournalFormat.TryReadHead(file[at..], at, out JournalHead head) || head.Length > file.Length - at - JournalFormat.HeadSize)
            {
                Skip(NextMarker());
                continue;
            }
            ReadOnlySpan<byte> body = file.Slice(at + JournalFormat.HeadSize, head.Length);
            if (head.Number <= lastNumber || JournalFormat.Check(body) != head.BodyCheck || !RecordForm.IsSound(body))
            {
                Skip(JournalFormat.HeadSize + head.Length);
                continue;
            }
            if (damagedFrom >= 0) TellDamage(head.Number);
            index.Add(body, at + JournalFormat.HeadSize);
            lastNumber = head.Number;
            at = end = at + JournalFormat.HeadSize + head.Length;
        }
    }

    private readonly int NextMarker()
    {
        int next = file[(at + 1)..].IndexOf(JournalFormat.Marker);
        return next < 0 ? file.Length - at : next + 1;
    }

    private void Skip(int bytes)
    {
        if (damagedFrom < 0) damagedFrom = at;
        at += bytes;
    }

    // Numbers go up by one within a file, so that a gap tells how many records were there.
    private void TellDamage(uint number)
    {
        long lost = number - lastNumber - 1L;
        long bytes = at - damagedFrom;
        warnings.Add(new LedgerDamaged(
            FormattableString.Invariant($"{bytes} bytes of the ledger '{path}', from byte {damagedFrom} on, are not those that were written: {lost} records are lost. All that stands before and after them is sound; a job whose last record is lost counts as it was before it."),
            damagedFrom, bytes, lost));
        damagedFrom = -1;
        isDamaged = true;
    }

    private void Tell(HeaderState header)
    {
        if (header is HeaderState.Damaged or HeaderState.Torn or HeaderState.Foreign)
        {
            isDamaged = true;
            warnings.Insert(0, new LedgerDamaged(
                FormattableString.Invariant($"The header of the ledger '{path}' is not what was written. {index.Count} records behind it are sound."), 0, Math.Min(file.Length, JournalFormat.HeaderSize), 0));
        }
        if (damagedFrom < 0) return;
        long bytes = file.Length - damagedFrom;
        string? job = CutJob();
        warnings.Add(new LedgerTailCut(
            FormattableString.Invariant($"The last {bytes} bytes of the ledger '{path}' are no complete record{(job is null ? "" : $" (it seems to be of the job '{job}')")}, as when a run is killed or the disk is full. They are left out; what stands before them is sound."),
            bytes, job));
    }

    private readonly string? CutJob()
    {
        ReadOnlySpan<byte> tail = file[damagedFrom..];
        return tail.Length > JournalFormat.HeadSize && tail.StartsWith(JournalFormat.Marker) ? RecordForm.GuessJob(tail[JournalFormat.HeadSize..]) : null;
    }
}
