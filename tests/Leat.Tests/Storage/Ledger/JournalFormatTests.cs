using System.Globalization;
using System.Text;
using Leat.Storage;

namespace Leat.Tests.Storage.Ledger;

/// <summary>The files of a ledger are those of the documentation.</summary>
public sealed class JournalFormatTests
{
    [Fact(Timeout = 60_000)]
    public async Task The_files_are_those_of_the_documentation()
    {
        using var folder = new TemporaryDirectory();
        var ledger = new Journal(folder["graph"]);
        await using (ILedgerSession session = await ledger.OpenAsync(new LedgerRun { Id = "run 1" }, TestContext.Current.CancellationToken))
        {
            await session.AppendAsync(new LedgerRecord
            {
                Job = "results/a.bam",
                Run = "run 1",
                Kind = LedgerKind.Succeeded,
                Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Time = TimeSpan.FromMilliseconds(1500),
                Machine = "node1",
                State = "state"u8.ToArray(),
            }, TestContext.Current.CancellationToken);
            await session.AppendAsync(new LedgerRecord
            {
                Job = "ä",
                Run = "run 1",
                Kind = LedgerKind.Failed,
                Started = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)),
                Attempts = 3,
                Message = "No.",
            }, TestContext.Current.CancellationToken);
        }
        var text = new StringBuilder();
        Append(text, "journal", await File.ReadAllBytesAsync(folder["graph/journal"], TestContext.Current.CancellationToken));
        text.Append("holder:\n").Append(new HolderFile("0123", "4567", new LedgerHolder(
            42, "node1", "anna", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "run 1", "pipeline --all")));
        Approved.Text(text.ToString());
    }

    [Fact]
    public void The_checksum_is_that_of_the_standard() => Assert.Equal(0xE3069283, JournalFormat.Check("123456789"u8));

    // The bytes in lines of 16, as numbers and as letters.
    private static void Append(StringBuilder text, string title, byte[] bytes)
    {
        text.Append(CultureInfo.InvariantCulture, $"{title}: {bytes.Length} bytes\n");
        foreach ((int index, byte[] line) in bytes.Chunk(16).Index())
        {
            string letters = string.Concat(line.Select(each => each is >= 32 and < 127 ? (char)each : '.'));
            text.Append(CultureInfo.InvariantCulture, $"  {index * 16:x4}  {Convert.ToHexStringLower(line),-32}  {letters}\n");
        }
        text.Append('\n');
    }
}
