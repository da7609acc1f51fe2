using System.Globalization;
using System.IO.Compression;

namespace Leat.Tests.Streams.Sources;

public sealed class LinesGzipTests : IDisposable
{
    private const string Text = "one\ntwo\nthree\n";

    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("a.gz")]
    [InlineData("a.txt")]
    public async Task Compressed_files_are_known_by_their_content(string name) =>
        Assert.Equal(["one", "two", "three"], await ReadAsync(name, GzipData.Of(Text)));

    [Fact(Timeout = 60_000)]
    public async Task A_plain_file_may_have_any_name() => Assert.Equal(["plain"], await ReadAsync("a.gz", "plain\n"u8.ToArray()));

    [Fact(Timeout = 60_000)]
    public async Task An_empty_file_has_no_lines() => Assert.Empty(await ReadAsync("a.gz", []));

    [Fact(Timeout = 60_000)]
    public async Task A_member_may_be_empty() => Assert.Equal(["a"], await ReadAsync("a.gz", [.. GzipData.Of(""), .. GzipData.Of("a\n"), .. GzipData.Of("")]));

    [Fact(Timeout = 60_000)]
    public async Task Lines_may_reach_over_members() =>
        Assert.Equal(["one", "two", "three"], await ReadAsync("a.gz", [.. GzipData.Of("one\ntw"), .. GzipData.Of("o\nthr"), .. GzipData.Of("ee")]));

    [Fact(Timeout = 60_000)]
    public async Task Many_members_are_read()
    {
        // As bgzip writes them: blocks of at most 64 KiB.
        IEnumerable<byte[]> members = Enumerable.Range(0, 500).Select(i => GzipData.Of(Numbers(i * 1000, 1000)));
        List<string> lines = await ReadAsync("a.gz", [.. members.SelectMany(member => member)]);
        Assert.Equal(Enumerable.Range(0, 500_000).Select(i => i.ToString(CultureInfo.InvariantCulture)), lines);
    }

    [Fact(Timeout = 60_000)]
    public async Task Padding_behind_the_last_member_does_not_matter()
    {
        foreach (int length in new[] { 1, 2, 511, 8192 - GzipData.Of(Text).Length, 100_000 })
        {
            Assert.Equal(["one", "two", "three"], await ReadAsync("a.gz", [.. GzipData.Of(Text), .. new byte[length]]));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_file_cut_short_anywhere_is_told()
    {
        byte[] first = GzipData.Of(Text);
        byte[] second = GzipData.Of("four\nfive\n", CompressionLevel.NoCompression);
        byte[] whole = [.. first, .. second];
        for (int length = 2; length < whole.Length; length++)
        {
            if (length == first.Length) continue;
            (List<string> lines, LeatException error) = await ReadDamagedAsync(whole[..length]);
            Assert.Equal("LEAT0014", error.Code);
            Assert.Equal(new[] { "one", "two", "three", "four", "five" }.Take(lines.Count), lines);
            Assert.Contains($"behind line {lines.Count}:", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData(CompressionLevel.Optimal)]
    [InlineData(CompressionLevel.NoCompression)]
    public async Task A_large_file_cut_short_gives_what_is_good_of_it(CompressionLevel level)
    {
        byte[] whole = GzipData.Of(Numbers(0, 200_000), level);
        foreach (int cut in new[] { 1, 4, 8, 9, 1000, whole.Length / 2, whole.Length - 20 })
        {
            (List<string> lines, LeatException error) = await ReadDamagedAsync(whole[..^cut]);
            Assert.Equal("LEAT0014", error.Code);
            Assert.Equal(Enumerable.Range(0, lines.Count).Select(i => i.ToString(CultureInfo.InvariantCulture)), lines);
            Assert.Contains($"behind line {lines.Count}:", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_flipped_bit_is_told()
    {
        byte[] whole = GzipData.Of(Numbers(0, 20_000));
        var random = new Random(1);
        for (int i = 0; i < 50; i++)
        {
            byte[] damaged = [.. whole];

            // Not in the header, most of which is a file's name and time.
            damaged[random.Next(10, whole.Length - 8)] ^= (byte)(1 << random.Next(8));
            (_, LeatException error) = await ReadDamagedAsync(damaged);
            Assert.Equal("LEAT0014", error.Code);
            Assert.Contains("a.gz", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_checksum_is_told()
    {
        byte[] damaged = GzipData.Of(Text);
        damaged[^6] ^= 1;
        Assert.Equal("LEAT0014", (await ReadDamagedAsync(damaged)).Error.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Compressed_text_may_have_another_encoding()
    {
        using var data = new MemoryStream();
        await using (var gzip = new GZipStream(data, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(System.Text.Encoding.Unicode.GetBytes("ä\nb"), Token);
        string path = folder["a.gz"];
        await File.WriteAllBytesAsync(path, data.ToArray(), Token);
        Assert.Equal(["ä", "b"], await Source.Lines(path, encoding: System.Text.Encoding.Unicode).ToListAsync(Token));
    }

    private static string Numbers(int start, int count) =>
        string.Concat(Enumerable.Range(start, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}\n")));

    private async Task<List<string>> ReadAsync(string name, byte[] data)
    {
        await File.WriteAllBytesAsync(folder[name], data, Token);
        return await Source.Lines(folder[name]).ToListAsync(Token);
    }

    private async Task<(List<string> Lines, LeatException Error)> ReadDamagedAsync(byte[] data)
    {
        await File.WriteAllBytesAsync(folder["a.gz"], data, Token);
        return await Failing.RunAsync<string, LeatException>(Source.Lines(folder["a.gz"]));
    }
}
