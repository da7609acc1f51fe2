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
