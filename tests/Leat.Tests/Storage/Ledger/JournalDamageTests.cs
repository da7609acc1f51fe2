using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>Whatever happens to the file of a journal, nothing wrong is believed, and what is sound is found.</summary>
public sealed class JournalDamageTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Cut_at_any_byte_what_stands_before_is_there()
    {
        (LedgerRecord[] records, byte[] bytes) = await SmallAsync();
        int[] ends = Ends(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            JournalImage image = JournalScan.Read("journal", bytes.AsMemory(0, length));
            int whole = ends.Count(end => end <= length);
            await IsAsync(image, records[..whole]);
            bool isWhole = length == 0 || length == JournalFormat.HeaderSize || ends.Contains(length);
            Assert.Equal(isWhole ? 0 : 1, image.Warnings.Count);
            if (isWhole || length < JournalFormat.HeaderSize) continue;
            LedgerTailCut cut = Assert.IsType<LedgerTailCut>(image.Warnings[0]);
            int start = whole == 0 ? JournalFormat.HeaderSize : ends[whole - 1];
            Assert.Equal(length - start, cut.Bytes);
            string job = records[whole].Job;
            bool isKnown = length - start >= JournalFormat.HeadSize + RecordForm.FixedSize + System.Text.Encoding.UTF8.GetByteCount(job);
            Assert.Equal(isKnown ? job : null, cut.Job);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task With_any_bit_flipped_all_other_records_are_there()
    {
        (LedgerRecord[] records, byte[] bytes) = await SmallAsync();
        int[] ends = Ends(bytes);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            JournalImage image = JournalScan.Read("journal", bytes);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            int hit = bit / 8 < JournalFormat.HeaderSize ? -1 : ends.Count(end => end <= bit / 8);
            await IsAsync(image, [.. records.Where((_, index) => index != hit)]);
            LedgerWarning told = Assert.Single(image.Warnings);
            if (hit == records.Length - 1) Assert.IsType<LedgerTailCut>(told);
            else Assert.Equal(hit < 0 ? 0 : 1, Assert.IsType<LedgerDamaged>(told).Records);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task After_random_damage_it_goes_on_with_what_is_sound()
    {
        var random = new Random(23);
        for (int round = 0; round < Repeat.Times(25); round++)
        {
            var options = new JournalOptions { FlushAfter = Timeout.InfiniteTimeSpan };
            var ledger = new Journal(folder[$"{round}"], options);
            List<LedgerRecord> records = Some(random, random.Next(1, 60), 0);
            await AppendAsync(ledger, records);
            string file = folder[$"{round}/journal"];
            byte[] bytes = await File.ReadAllBytesAsync(file, Token);
            int[] ends = Ends(bytes);
            byte[] damaged = Break((byte[])bytes.Clone(), random);
            await File.WriteAllBytesAsync(file, damaged, Token);
            List<LedgerRecord> sound =
            [
                .. records.Where((_, index) => ends[index] <= damaged.Length
                    && bytes.AsSpan(Begin(ends, index)..ends[index]).SequenceEqual(damaged.AsSpan(Begin(ends, index)..ends[index]))),
            ];
            await using (ILedgerReader reader = await ledger.OpenForReadingAsync(Token)) new LedgerModel(sound).IsIn(reader);
            List<LedgerRecord> more = Some(random, 5, 1000);
            await AppendAsync(ledger, more);
            await using (ILedgerReader reader = await ledger.OpenForReadingAsync(Token))
            {
                new LedgerModel([.. sound, .. more]).IsIn(reader);
                Assert.Empty(reader.Warnings);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_damaged_is_put_aside_as_it_was()
    {
        (LedgerRecord[] records, byte[] bytes) = await SmallAsync();
        bytes[Ends(bytes)[3] + 30] ^= 1;
        await File.WriteAllBytesAsync(folder["small/journal"], bytes, Token);
        await using (ILedgerSession session = await new Journal(folder["small"]).OpenAsync(new LedgerRun { Id = "next" }, Token))
        {
            LedgerDamaged told = Assert.IsType<LedgerDamaged>(Assert.Single(session.Warnings));
            Assert.Equal(Ends(bytes)[3], told.Position);
            Assert.Contains("1 records are lost", told.Message, StringComparison.Ordinal);
            new LedgerModel(records.Where((_, index) => index != 4)).IsIn(session);
        }
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder["small/journal.damaged"], Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_journal_in_the_state_of_a_record_is_not_taken_for_records()
    {
        (LedgerRecord[] records, byte[] inner) = await SmallAsync();
        var ledger = new Journal(folder["outer"]);
        await AppendAsync(ledger, [records[0], records[1] with { State = inner }, records[2]]);
        byte[] bytes = await File.ReadAllBytesAsync(folder["outer/journal"], Token);
        bytes[Ends(bytes)[0] + 5] ^= 1;
        await IsAsync(JournalScan.Read("journal", bytes), [records[0], records[2]]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Garbage_full_of_markers_is_searched_in_no_time()
    {
        (LedgerRecord[] records, byte[] bytes) = await SmallAsync();
        byte[] garbage = new byte[20_000_000];
        for (int i = 0; i + 20 < garbage.Length; i += 20) JournalFormat.Marker.CopyTo(garbage.AsSpan(i));
        JournalImage image = JournalScan.Read("journal", (byte[])[.. bytes, .. garbage]);
        await IsAsync(image, records);
        Assert.Equal(garbage.Length, Assert.IsType<LedgerTailCut>(Assert.Single(image.Warnings)).Bytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_journal_of_a_newer_leat_or_of_others_is_refused_and_left_alone()
    {
        (_, byte[] bytes) = await SmallAsync();
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(12), JournalFormat.Check(bytes.AsSpan(0, 12)));
        await IsRefusedAsync("LEAT0101", bytes);
        await IsRefusedAsync("LEAT0102", "something else, and longer than a header"u8.ToArray());
        await IsRefusedAsync("LEAT0102", "short"u8.ToArray());
    }

    private async Task IsRefusedAsync(string code, byte[] bytes)
    {
        var ledger = new Journal(folder["small"]);
        await File.WriteAllBytesAsync(folder["small/journal"], bytes, Token);
        Assert.Equal(code, (await Assert.ThrowsAsync<LeatException>(async () => await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token))).Code);
        Assert.Equal(code, (await Assert.ThrowsAsync<LeatException>(async () => await ledger.OpenForReadingAsync(Token))).Code);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder["small/journal"], Token));
        Assert.False(File.Exists(folder["small/holder"]));
    }

    private async Task<(LedgerRecord[] Records, byte[] Bytes)> SmallAsync()
    {
        LedgerRecord[] records = [.. Some(new Random(7), 9, 0)];
        await AppendAsync(new Journal(folder["small"]), records);
        return (records, await File.ReadAllBytesAsync(folder["small/journal"], Token));
    }

    private static async Task AppendAsync(Journal ledger, IEnumerable<LedgerRecord> records)
    {
        await using ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "run" }, Token);
        foreach (LedgerRecord record in records) await session.AppendAsync(record, Token);
    }

    private static List<LedgerRecord> Some(Random random, int count, int from) =>
    [
        .. Enumerable.Range(from, count).Select(number => new LedgerRecord
        {
            Job = $"jöb {random.Next(6)}",
            Run = "run",
            Kind = (LedgerKind)random.Next(1, 5),
            Started = DateTimeOffset.UnixEpoch.AddSeconds(number),
            Attempts = number,
            State = Enumerable.Range(0, random.Next(80)).Select(_ => (byte)random.Next(256)).ToArray(),
        }),
    ];

    private static async Task IsAsync(JournalImage image, LedgerRecord[] records)
    {
        await using var reader = new JournalReader(image);
        var model = new LedgerModel(records);
        model.IsIn(reader);
        foreach (string job in records.Select(each => each.Job).Distinct(StringComparer.Ordinal))
        {
            Assert.Equal(model.HistoryOf(job), await reader.HistoryAsync(job, Token));
        }
    }

    // Where each record of a sound journal ends.
    private static int[] Ends(byte[] bytes)
    {
        List<int> ends = [];
        for (int at = JournalFormat.HeaderSize; at < bytes.Length; ends.Add(at)) at += JournalFormat.HeadSize + JournalFormat.LengthOf(bytes.AsSpan(at));
        return [.. ends];
    }

    private static int Begin(int[] ends, int index) => index == 0 ? JournalFormat.HeaderSize : ends[index - 1];

    private static byte[] Break(byte[] bytes, Random random)
    {
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(JournalFormat.HeaderSize, bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    random.NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 500))));
                    break;
                case 2:
                    bytes.AsSpan(at, Math.Min(bytes.Length - at, random.Next(1, 500))).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255);
                    break;
                case 3:
                    // Behind the name: without that, and with all records lost, it is taken for a file of somebody else.
                    bytes[random.Next(8, JournalFormat.HeaderSize)] ^= 8;
                    break;
                default:
                    if (times == 1) return bytes[..at];
                    break;
            }
        }
        return bytes;
    }
}
