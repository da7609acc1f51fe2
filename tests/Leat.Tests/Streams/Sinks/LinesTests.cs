using System.Diagnostics;
using System.IO.Compression;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Sinks;

public sealed class LinesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string path;

    public LinesTests() => path = folder["out.txt"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Lines_are_written_as_UTF_8_with_line_feeds()
    {
        await RunAsync(Source.From(["a", "", "ä€𝄞"]) | Sink.Lines(path));
        Assert.Equal("a\n\nä€𝄞\n"u8.ToArray(), await File.ReadAllBytesAsync(path, Token));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_lines_keep_their_order()
    {
        string[] lines = [.. Enumerable.Range(0, 200_000).Select(i => $"line {i}")];
        await RunAsync(Source.From(lines) | Sink.Lines(path));
        Assert.Equal(lines, await File.ReadAllLinesAsync(path, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task No_lines_make_an_empty_file()
    {
        await RunAsync(Source.From(Array.Empty<string>()) | Sink.Lines(path));
        Assert.Equal(0, new FileInfo(path).Length);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100_000)]
    public async Task A_name_that_ends_in_gz_means_compression(int count)
    {
        string[] lines = [.. Enumerable.Range(0, count).Select(i => $"line {i}")];
        await RunAsync(Source.From(lines) | Sink.Lines(folder["out.txt.gz"]));
        await using var gzip = new GZipStream(File.OpenRead(folder["out.txt.gz"]), CompressionMode.Decompress);
        Assert.Equal(string.Concat(lines.Select(line => line + "\n")), await new StreamReader(gzip).ReadToEndAsync(Token));
        Assert.Equal(lines, await Source.Lines(folder["out.txt.gz"]).ToListAsync(Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Other_programs_can_read_compressed_files(int count)
    {
        string gzip = Require.Tool("gzip");
        await RunAsync(Source.From(Enumerable.Repeat("a", count)) | Sink.Lines(folder["out.gz"]));
        using Process check = Process.Start(gzip, ["-t", folder["out.gz"]]);
        await check.WaitForExitAsync(Token);
        Assert.Equal(0, check.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Missing_folders_are_made()
    {
        await RunAsync(Source.From(["a"]) | Sink.Lines(folder["x/y/out.txt"]));
        Assert.Equal("a\n", await File.ReadAllTextAsync(folder["x/y/out.txt"], Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_file_is_not_there_before_the_run_has_ended()
    {
        await File.WriteAllTextAsync(path, "old", Token);
        var items = Channel.CreateUnbounded<string>();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | Sink.Lines(path));
        items.Writer.TryWrite("new");
        await Eventually.TrueAsync(() => TemporaryFiles().Length == 1, () => "no temporary file");
        Assert.Equal("old", await File.ReadAllTextAsync(path, Token));
        items.Writer.Complete();
        await flow.Completion;
        Assert.Equal("new\n", await File.ReadAllTextAsync(path, Token));
        Assert.Empty(TemporaryFiles());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_fails_leaves_the_old_file_and_nothing_else()
    {
        await File.WriteAllTextAsync(path, "old", Token);
        await Failing.RunAsync<InvalidDataException>(
            Source.From(Enumerable.Range(0, 100_000)) | Stage.Map((int i) => i < 90_000 ? $"{i}" : throw new InvalidDataException()) | Sink.Lines(path));
        Assert.Equal("old", await File.ReadAllTextAsync(path, Token));
        Assert.Empty(TemporaryFiles());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_cancelled_leaves_nothing()
    {
        var items = Channel.CreateUnbounded<string>();
        await using (Flow.Start(Source.From(items.Reader) | Sink.Lines(path)))
        {
            await Eventually.TrueAsync(() => TemporaryFiles().Length == 1, () => "no temporary file");
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_stopped_keeps_what_came()
    {
        var items = Channel.CreateUnbounded<string>();
        var seen = new TaskCompletionSource();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | Stage.Tap((string _) => seen.TrySetResult()) | Sink.Lines(path));
        items.Writer.TryWrite("a");
        await seen.Task;
        await flow.StopAsync();
        Assert.Equal("a\n", await File.ReadAllTextAsync(path, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_runs_may_not_write_one_file_at_the_same_time()
    {
        var items = Channel.CreateUnbounded<string>();
        Pipe pipe = Source.From(items.Reader) | Sink.Lines(path);
        await using (Flow first = Flow.Start(pipe))
        {
            await Eventually.TrueAsync(() => TemporaryFiles().Length == 1, () => "no temporary file");
            string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
            InvalidOperationException error = await Failing.RunAsync<InvalidOperationException>(Source.From(["b"]) | Sink.Lines(relative));
            Assert.StartsWith("LEAT0011", error.Message, StringComparison.Ordinal);
            items.Writer.TryWrite("a");
            items.Writer.Complete();
            await first.Completion;
        }
        Assert.Equal("a\n", await File.ReadAllTextAsync(path, Token));
        await RunAsync(Source.From(["c"]) | Sink.Lines(path));
        Assert.Equal("c\n", await File.ReadAllTextAsync(path, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_link_stays_a_link()
    {
        File.CreateSymbolicLink(folder["link.txt"], path);
        await RunAsync(Source.From(["a"]) | Sink.Lines(folder["link.txt"]));
        Assert.Equal("a\n", await File.ReadAllTextAsync(path, Token));
        Assert.Equal(path, new FileInfo(folder["link.txt"]).LinkTarget);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_permissions_of_the_old_file_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }

        await File.WriteAllTextAsync(path, "old", Token);
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(path, mode);
        await RunAsync(Source.From(["a"]) | Sink.Lines(path));
        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_in_the_file_s_place_is_told()
    {
        LeatException error = await Failing.RunAsync<LeatException>(Source.From(["a"]) | Sink.Lines(folder.Path));
        Assert.Equal("LEAT0021", error.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_file_that_can_not_be_made_is_told_and_can_be_tried_again()
    {
        // Even root can't make a file below a file.
        folder.Write("file", "");
        Pipe pipe = Source.From(["a"]) | Sink.Lines(folder["file/out.txt"]);
        for (int i = 0; i < 2; i++)
        {
            LeatException error = await Failing.RunAsync<LeatException>(pipe);
            Assert.Equal("LEAT0021", error.Code);
            Assert.Contains(folder["file/out.txt"], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_target_that_has_become_a_folder_is_told_at_the_end()
    {
        var items = Channel.CreateUnbounded<string>();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | Sink.Lines(path));
        await Eventually.TrueAsync(() => TemporaryFiles().Length == 1, () => "no temporary file");
        folder.Write("out.txt/inside", "");
        items.Writer.Complete();
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => flow.Completion);
        Assert.Equal("LEAT0021", Assert.IsType<LeatException>(error.Failures[0].Exception).Code);
        Assert.Empty(TemporaryFiles());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_long_name_is_no_trouble()
    {
        string name = new string('n', 250) + ".txt";
        await RunAsync(Source.From(["a"]) | Sink.Lines(folder[name]));
        Assert.Equal("a\n", await File.ReadAllTextAsync(folder[name], Token));
    }

    [Fact]
    public void A_path_is_needed() => Assert.Throws<ArgumentException>(() => Sink.Lines(""));

    private static async Task RunAsync(Pipe pipe)
    {
        await using Flow flow = Flow.Start(pipe);
        await flow.Completion;
    }

    private string[] TemporaryFiles() => Directory.GetFiles(folder.Path, "*.tmp", new EnumerationOptions { AttributesToSkip = FileAttributes.None });
}
