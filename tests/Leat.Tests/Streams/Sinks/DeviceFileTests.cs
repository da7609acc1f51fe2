using System.Diagnostics;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Sinks;

/// <summary>Files that are no places on a disk, and a disk that is full.</summary>
public sealed class DeviceFileTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_device_is_written_and_not_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");
        await using (Flow flow = Flow.Start(Source.From(["a"]) | Sink.Lines("/dev/null"))) await flow.Completion;
        await using FileStream device = File.OpenRead("/dev/null");
        Assert.Equal(0, device.Length);
        await File.WriteAllTextAsync("/dev/null", "goes nowhere", Token);
        Assert.Equal("", await File.ReadAllTextAsync("/dev/null", Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_behind_a_link_is_written_and_not_replaced(bool folderIsLink)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux is asked what a file is.");
        string link = folderIsLink ? Directory.CreateSymbolicLink(folder["d"], "/dev").FullName + "/null" : File.CreateSymbolicLink(folder["out.txt"], "/dev/null").FullName;
        await using (Flow flow = Flow.Start(Source.From(["a"]) | Sink.Lines(link))) await flow.Completion;
        await File.WriteAllTextAsync("/dev/null", "goes nowhere", Token);
        Assert.Equal("", await File.ReadAllTextAsync("/dev/null", Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_reader_of_a_named_pipe_that_leaves_ends_the_run()
    {
        string path = await PipeAsync();
        await using Flow flow = Flow.Start(Source.From(Enumerable.Range(0, int.MaxValue)) | Stage.Map((int i) => $"line {i}") | Sink.Lines(path));
        await using (FileStream reader = File.OpenRead(path)) Assert.True(await reader.ReadAsync(new byte[100], Token) > 0);
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal("LEAT0021", Assert.IsType<LeatException>(error.InnerException).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_named_pipe_waits_for_a_reader_that_comes_late()
    {
        string path = await PipeAsync();
        await using Flow flow = Flow.Start(Source.From(["a", "b"]) | Sink.Lines(path));
        await Eventually.TrueAsync(() => flow.Stats["Source"].Out == 2, () => "The source waits.");
        Assert.Equal(["a", "b"], await File.ReadAllLinesAsync(path, Token));
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(FlowState.Completed, flow.State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_device_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        LeatException error = await Failing.RunAsync<LeatException>(Source.From(["a"]) | Sink.Lines("/dev/full"));
        Assert.Equal("LEAT0021", error.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_named_pipe_gets_the_lines_as_they_come()
    {
        string path = await PipeAsync();
        var items = Channel.CreateUnbounded<string>();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | Sink.Lines(path));
        await using var lines = new Watched<string>(Source.Lines(path));
        items.Writer.TryWrite("a");
        await lines.AreAsync("a");
        items.Writer.TryWrite("b");
        items.Writer.Complete();
        await lines.Flow.Completion;
        Assert.Equal(["a", "b"], lines.Items);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_full_disk_is_told_and_leaves_the_old_file()
    {
        string mount = Require.Tool("mount");
        string disk = folder["disk"];
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can mount a small disk.");
        Assert.SkipUnless(await RunAsync(mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk) == 0, "A small disk can't be mounted.");
        try
        {
            string path = Path.Combine(disk, "out.txt");
            await File.WriteAllTextAsync(path, "old", Token);
            LeatException error = await Failing.RunAsync<LeatException>(
                Source.From(Enumerable.Range(0, 100_000)) | Stage.Map((int i) => $"line {i}") | Sink.Lines(path));
            Assert.Equal("LEAT0021", error.Code);
            Assert.Equal([path], Directory.GetFiles(disk, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }));
            Assert.Equal("old", await File.ReadAllTextAsync(path, Token));
        }
        finally
        {
            await RunAsync(Require.Tool("umount"), disk);
        }
    }

    private async Task<string> PipeAsync()
    {
        string path = folder["pipe"];
        Assert.Equal(0, await RunAsync(Require.Tool("mkfifo"), path));
        return path;
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
