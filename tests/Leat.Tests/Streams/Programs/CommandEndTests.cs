using System.Globalization;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Programs;

/// <summary>What a command leaves behind when it does not run to its end: nothing.</summary>
public sealed class CommandEndTests
{
    private readonly string sh = Require.Tool("sh");
    private readonly string seconds = Processes.UniqueSeconds();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task When_its_results_are_not_wanted_any_more_its_whole_tree_is_killed()
    {
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            Pipe<string> endless = Source.From(Endless()) | Stage.Command(sh, ["-c", $"sleep {seconds} & sh -c 'sleep {seconds} & echo deep; sleep {seconds}' & cat"]);
            Assert.Equal(3, (await (endless | Stage.Take<string>(3)).ToListAsync(Token)).Count);
            await Processes.AreGoneAsync(seconds);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_input_pauses_it_is_killed_all_the_same()
    {
        var items = Channel.CreateUnbounded<string>();
        items.Writer.TryWrite("a");
        Pipe<string> lines = Source.From(items.Reader) | Stage.Command(sh, ["-c", $"sleep {seconds} & cat; wait"]) | Stage.Take<string>(1);
        Assert.Equal(["a"], await lines.ToListAsync(Token));
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_loop_is_left_it_is_killed()
    {
        await foreach (string line in (Source.From(Endless()) | Stage.Command(sh, ["-c", $"sleep {seconds} & cat"])).WithCancellation(Token))
        {
            Assert.Equal("0", line);
            Assert.NotEmpty(Processes.With(seconds));
            break;
        }
        Assert.Empty(Processes.With(seconds));
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_run_is_cancelled_it_is_killed()
    {
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            var items = Channel.CreateUnbounded<string>();
            await using (Flow.Start(Source.From(items.Reader) | Stage.Command(sh, ["-c", $"sleep {seconds} & sleep {seconds}"])))
            {
                await Eventually.TrueAsync(() => Processes.With(seconds).Count >= 2, () => $"{Processes.With(seconds).Count} processes");
            }
            Assert.Empty(Processes.With(seconds));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_program_does_not_read_a_cancelled_run_ends_all_the_same()
    {
        await using (Flow.Start(Source.From(Endless()) | Stage.Command("sleep", [seconds])))
        {
            await Eventually.TrueAsync(() => Processes.With(seconds).Count == 1, () => "the program does not run");
        }
        Assert.Empty(Processes.With(seconds));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_process_whose_parent_has_ended_is_killed_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells who holds a pipe.");
        await using (Flow.Start(Source.From(["a"]) | Stage.Command(sh, ["-c", $"sleep {seconds} & exit 0"])))
        {
            await Eventually.TrueAsync(() => Processes.With(seconds).Count == 1, () => "the program does not run");
        }
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_an_earlier_stage_fails_a_part_is_not_passed_off_as_the_whole()
    {
        for (int i = 0; i < Repeat.Times(10); i++)
        {
            using var folder = new TemporaryDirectory();
            string file = folder["count"];
            Pipe<string> failing = Source.From(Enumerable.Range(0, 100_000)) | Stage.Map((int n) => n < 70_000 ? $"{n}" : throw new InvalidDataException());
            (List<string> lines, _) = await Failing.RunAsync<string, InvalidDataException>(
                failing | Stage.Command(sh, ["-c", "wc -l | tee \"$1\"; echo end >> \"$1\"", "sh", file]));
            Assert.Empty(lines);
            Assert.Equal("", File.Exists(file) ? await File.ReadAllTextAsync(file, Token) : "");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task When_an_earlier_stage_fails_results_so_far_are_delivered()
    {
        Channel<string> items = Channel.CreateUnbounded<string>();
        Pipe<string> checkedItems = Source.From(items.Reader) | Stage.Map((string item) => item != "bad" ? item : throw new InvalidDataException());
        items.Writer.TryWrite("a");
        List<string> lines = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (string line in (checkedItems | Stage.Command("cat", [])).WithCancellation(Token))
            {
                lines.Add(line);
                items.Writer.TryWrite("bad");
            }
        });
        Assert.IsType<InvalidDataException>(Assert.Single(error.Failures).Exception);
        Assert.Equal(["a"], lines);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stopped_flow_lets_the_program_finish()
    {
        var items = Channel.CreateUnbounded<string>();
        await using var lines = new Watched<string>(Source.From(items.Reader) | Stage.Command(sh, ["-c", "cat; echo end"]));
        items.Writer.TryWrite("a");
        await lines.AreAsync("a");
        await lines.Flow.StopAsync();
        Assert.Equal(["a", "end"], lines.Items);
    }

    [Fact(Timeout = 120_000)]
    public async Task No_dead_process_is_left_to_be_waited_for()
    {
        for (int i = 0; i < 5; i++) await (Source.From(Endless()) | Stage.Command("cat", []) | Stage.Take<string>(1)).ToListAsync(Token);
        await Eventually.TrueAsync(() => Zombies() == 0, () => $"{Zombies()} dead processes are left");
    }

    private static int Zombies()
    {
        string parent = string.Create(CultureInfo.InvariantCulture, $"PPid:\t{Environment.ProcessId}\n");
        return Directory.GetDirectories("/proc").Count(folder =>
        {
            try
            {
                string status = File.ReadAllText(Path.Combine(folder, "status"));
                return status.Contains("State:\tZ", StringComparison.Ordinal) && status.Contains(parent, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        });
    }

    private static IEnumerable<string> Endless()
    {
        for (long i = 0; ; i++) yield return i.ToString(CultureInfo.InvariantCulture);
    }
}
