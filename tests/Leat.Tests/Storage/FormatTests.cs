using System.Globalization;
using System.Text;
using Leat.Code;
using Leat.Encoding;
using Leat.Storage;

namespace Leat.Tests.Storage;

/// <summary>The files of a cache are those of the documentation.</summary>
public sealed class FormatTests
{
    private static readonly EntryRecord Entry = new()
    {
        Key = Digest.Of([1]),
        Function = Digest.Of([2]),
        Result = Digest.Of([3]),
        Kept = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Time = TimeSpan.FromMilliseconds(1500),
        IsInline = true,
        Inline = BinaryEncoding.Encode("result"),
        Length = BinaryEncoding.Encode("result").Length,
        Files = [new FileState("out/a.txt", 3, new DateTime(2026, 1, 2, 3, 4, 0, DateTimeKind.Utc), Digest.Of("abc"u8), IsOutput: true)],
        Name = "length",
        Machine = "node1",
        Arguments = [new ArgumentRecord(Digest.Of([4]), "\"word\"")],
    };

    [Fact]
    public void The_files_are_those_of_the_documentation()
    {
        var text = new StringBuilder();
        Append(text, "entry, inline", new Seal(default).Close(SealedKind.Entry, Entry.Write()));
        Append(text, "entry, object, signed with 16 zero bytes", new Seal(new byte[16]).Close(
            SealedKind.Entry, (Entry with { IsInline = false, Object = Digest.Of([5]), Length = 100_000, Files = [] }).Write()));
        var code = new CodeExplanation(
            Digest.Of([6]), [new CodePart("key", "the method Words.Length", Digest.Of([7]), ["1"], null)],
            System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("Package", "1.0"))
        {
            Captured = [new CapturedPart("the captured variable 'cutoff'", "2")],
        };
        Append(text, "function", new Seal(default).Close(SealedKind.Function, BinaryEncoding.Encode(
            new FunctionRecord(Digest.Of([2]), "length", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), code))));
        Approved.Text(text.ToString());
    }

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        EntryRecord read = EntryRecord.Read(Entry.Write());
        Assert.Equal(Entry.Write(), read.Write());
        Assert.Equal((Entry.Key, Entry.Name, Entry.Kept, Entry.Time), (read.Key, read.Name, read.Kept, read.Time));
        Assert.Equal(Entry.Files, read.Files);
        Assert.Equal(Entry.Arguments, read.Arguments);
    }

    [Fact]
    public void The_layout_is_that_of_the_documentation()
    {
        using var rig = new CallRig();
        rig.Store(1, "x");
        rig.Store(2, new byte[5000]);
        Assert.Equal(
            ["entries/??/*", "entries/??/*", "functions/*", "leat-cache", "objects/??/*"],
            rig.Files("").Select(file => Path.GetRelativePath(rig.Cache.Path, file).Split('/') switch
            {
                [var kind, { Length: 2 } two, { Length: 64 } name] when name.StartsWith(two, StringComparison.Ordinal) => $"{kind}/??/*",
                [var kind, { Length: 64 }] => $"{kind}/*",
                [var name] => name,
                var other => string.Join('/', other),
            }).Order(StringComparer.Ordinal));
        Approved.Text(File.ReadAllText(rig.Folder["cache/leat-cache"]));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("two\nlines", "two lines")]
    public void Texts_are_cut(string text, string shortened)
    {
        Assert.Equal(shortened, EntryRecord.Shorten(text));
        Assert.Equal(new string('x', 79) + "…", EntryRecord.Shorten(new string('x', 81)));
        Assert.Equal(new string('x', 78) + "…", EntryRecord.Shorten(new string('x', 78) + "😀😀😀"));
    }

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
