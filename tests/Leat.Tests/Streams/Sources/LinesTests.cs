using System.Text;

namespace Leat.Tests.Streams.Sources;

public sealed class LinesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("", new string[0])]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\nb", new[] { "a", "b" })]
    [InlineData("\r\n\nä\r\n", new[] { "", "", "ä" })]
    [InlineData("\uFEFFa\n", new[] { "a" })]
    public async Task Lines_come_without_their_ends(string text, string[] expected) =>
        Assert.Equal(expected, await Source.Lines(folder.Write("a.txt", text)).ToListAsync(Token));

    [Fact(Timeout = 60_000)]
    public async Task Many_lines_come_in_order()
    {
        string path = folder["many.txt"];
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 300_000).Select(i => $"line {i}"), Token);
        int next = 0;
        await foreach (string line in Source.Lines(path).WithCancellation(Token)) Assert.Equal($"line {next++}", line);
        Assert.Equal(300_000, next);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_opened_before_the_run_and_each_run_reads_anew()
    {
        Pipe<string> lines = Source.Lines(folder["late.txt"]);
        folder.Write("late.txt", "a\n");
        Assert.Equal(["a"], await lines.ToListAsync(Token));
        folder.Write("late.txt", "b\n");
        Assert.Equal(["b"], await lines.ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Other_encodings_are_read_on_request()
    {
        string path = folder["latin.txt"];
        await File.WriteAllTextAsync(path, "ä\né", System.Text.Encoding.Latin1, Token);
        Assert.Equal(["ä", "é"], await Source.Lines(path, encoding: System.Text.Encoding.Latin1).ToListAsync(Token));

        await File.WriteAllTextAsync(path, "ä\r\n𝄞\n", System.Text.Encoding.Unicode, Token);
        Assert.Equal(["ä", "𝄞"], await Source.Lines(path, encoding: System.Text.Encoding.Unicode).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_files_come_one_after_the_other()
    {
        string[] paths = [folder.Write("1.txt", "a\nb"), folder.Write("2.txt", ""), folder.Write("3.txt", "c\n")];
        Assert.Equal(["a", "b", "c"], await Source.Lines(paths).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_file_fails_the_run_and_not_the_declaration()
    {
        Pipe<string> lines = Source.Lines(folder["missing.txt"]);
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(lines);
        Assert.Equal("LEAT0012", error.Code);
        Assert.Contains(folder["missing.txt"], error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_can_not_be_read()
    {
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(Source.Lines(folder.Path));
        Assert.Equal("LEAT0013", error.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_can_be_left_in_the_middle()
    {
        string path = folder["many.txt"];
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 100_000).Select(i => $"{i}"), Token);
        Assert.Equal(["0", "1", "2"], await (Source.Lines(path) | Stage.Take<string>(3)).ToListAsync(Token));

        // On Windows an open file can't be deleted.
        File.Delete(path);
    }

    [Fact]
    public void A_path_is_needed() => Assert.Throws<ArgumentException>(() => Source.Lines(""));

    [Fact]
    public void The_source_is_named_after_the_file() => Assert.Equal("Lines(a.txt)", Source.Lines("/somewhere/a.txt").Name);

    [Fact(Timeout = 60_000)]
    public async Task A_strict_encoding_is_obeyed_and_the_line_told()
    {
        string path = folder["latin.txt"];
        await File.WriteAllBytesAsync(path, [(byte)'a', (byte)'\n', (byte)'M', 0xFC, (byte)'\n'], Token);
        Assert.Equal(["a", "M\uFFFD"], await Source.Lines(path).ToListAsync(Token));
        foreach (System.Text.Encoding strict in new[] { new UTF8Encoding(false, throwOnInvalidBytes: true), System.Text.Encoding.GetEncoding("us-ascii", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback) })
        {
            (_, LeatException error) = await Failing.RunAsync<string, LeatException>(Source.Lines(path, encoding: strict));
            Assert.Equal("LEAT0027", error.Code);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_is_told_to_be_one()
    {
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(Source.Lines(folder.Path));
        Assert.Equal($"The input file '{folder.Path}' is a folder. Name a file, or find those in it with Source.Files.", error.Message.Replace("LEAT0013: ", "", StringComparison.Ordinal));
    }
}
