namespace Leat.Tests.Streams.Errors;

/// <summary>A run that has failed leaves no file behind, and what stood there before as it was.</summary>
public sealed class FileSinkTests
{
    public static MatrixTheoryData<string, bool> All { get; } = new(["stop", "carry", "source", "other pipe", "cancel"], [false, true]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task A_run_that_does_not_end_well_keeps_nothing(string ending, bool stoodBefore)
    {
        using var folder = new TemporaryDirectory();
        string path = folder["out.txt"];
        if (stoodBefore) folder.Write("out.txt", "before\n");
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Pipe<string> lines = Source.From(Lines(ending, written)) | Stage.Map((string line) => line == "500" && ending is "stop" or "carry" ? Fail(line) : line)
            .With(onError: ending == "carry" ? OnError.Carry : OnError.Stop);
        Pipe other = Enumerable.Range(0, 1000) | Stage.Map((int item) => item == 999 && ending == "other pipe" ? int.Parse(Fail("other"), null) : item) | Sink.None<int>();
        await using Flow flow = Flow.Start(lines | Sink.Lines(path), other);

        if (ending == "cancel")
        {
            await written.Task;
            await flow.StopAsync(drain: false);
        }

        await Ended.SoonAsync(flow.Completion);

        Assert.False(flow.Completion.IsCompletedSuccessfully);
        Assert.Equal(stoodBefore ? ["out.txt"] : [], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
        if (stoodBefore) Assert.Equal("before\n", await File.ReadAllTextAsync(path));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_good_file_of_a_run_is_not_kept_when_its_other_file_fails()
    {
        using var folder = new TemporaryDirectory();
        Pipe<string> lines = Source.From(Enumerable.Range(0, 100).Select(i => $"{i}"));
        await using Flow flow = Flow.Start(
            lines | Sink.Lines(folder["good.txt"]),
            lines | Stage.Map((string line) => line == "99" ? Fail(line) : line) | Sink.Lines(folder["bad.txt"]));

        await Ended.FailedAsync(flow);

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_several_files_none_is_kept_when_one_can_not_be_completed()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
        using var folder = new TemporaryDirectory();
        folder.Write("first.txt", "before\n");
        var told = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Pipe<string> lines = Source.From(["a", "b"]);
        await using Flow flow = Flow.Start(lines | Sink.Channel(told.Writer), lines | Sink.Lines(folder["first.txt"]), lines | Sink.Lines("/dev/full"), lines | Sink.Lines(folder["last.txt"]));

        await Ended.FailedAsync(flow);

        Assert.Equal([folder["first.txt"]], Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal("before\n", await File.ReadAllTextAsync(folder["first.txt"]));
        while (told.Reader.TryRead(out _)) { }
        await Assert.ThrowsAsync<PipelineException>(() => told.Reader.Completion.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_channel_is_completed_when_the_files_are_in_their_places()
    {
        using var folder = new TemporaryDirectory();
        var told = System.Threading.Channels.Channel.CreateUnbounded<string>();
        Pipe<string> lines = Source.From(["a"]);
        Task<bool> seen = told.Reader.Completion.ContinueWith(_ => File.Exists(folder["out.txt"]), TaskContinuationOptions.ExecuteSynchronously);
        await using Flow flow = Flow.Start(lines | Sink.Channel(told.Writer), lines | Sink.Lines(folder["out.txt"]));
        await flow.Completion;
        while (told.Reader.TryRead(out _)) { }
        Assert.True(await seen);
    }

    [Fact]
    public void A_folder_is_refused_at_the_declaration()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sink.Lines("results/"));
        Assert.Equal("LEAT0028: The output 'results/' ends as a folder does. Name a file in it.", error.Message);
        Assert.Throws<ArgumentException>(() => Sink.JsonLines<int>("results/"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_only_the_owner_could_read_is_not_open_to_others_meanwhile()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }

        using var folder = new TemporaryDirectory();
        string path = folder.Write("secret.txt", "before");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(path, owner);
        var items = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | Sink.Lines(path));
        string[] Temporary() => [.. Directory.EnumerateFiles(folder.Path, ".*", new EnumerationOptions { AttributesToSkip = FileAttributes.None })];
        await Eventually.TrueAsync(() => Temporary().Length == 1, () => "No temporary file is there.");
        Assert.Equal(owner, File.GetUnixFileMode(Temporary()[0]));
        items.Writer.Complete();
        await flow.Completion;
        Assert.Equal(owner, File.GetUnixFileMode(path));
    }

    [Fact(Timeout = 30_000)]
    public async Task Skipped_items_do_not_keep_a_file_from_being_kept()
    {
        using var folder = new TemporaryDirectory();
        await using Flow flow = Flow.Start(
            new[] { "a", "b", "c" } | Stage.Map((string line) => line == "b" ? Fail(line) : line).With(onError: OnError.Skip) | Sink.Lines(folder["out.txt"]));

        await flow.Completion;

        Assert.Equal("a\nc\n", await File.ReadAllTextAsync(folder["out.txt"]));
    }

    private static string Fail(string line) => throw new TestFailureException(line);

    private static IEnumerable<string> Lines(string ending, TaskCompletionSource written)
    {
        for (int i = 0; i < 1000 || ending == "cancel"; i++)
        {
            if (i == 900) written.TrySetResult();
            if (i == 900 && ending == "source") throw new TestFailureException("source");
            yield return $"{i}";
        }
    }
}
