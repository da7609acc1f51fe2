using System.Globalization;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Programs;

public sealed class CommandTests
{
    private readonly string sh = Require.Tool("sh");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Lines_go_through_a_program()
    {
        Require.Tool("grep");
        Assert.Equal(["ax", "Xä", "x"], await (Source.From(["ax", "b", "Xä", "", "x"]) | Stage.Command("grep", ["-i", "x"])).ToListAsync(Token));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_million_lines_come_through_in_order()
    {
        long next = 0;
        await foreach (string line in (Source.From(Numbers(1_000_000)) | Stage.Command("cat", [])).WithCancellation(Token))
        {
            if (line != next.ToString(CultureInfo.InvariantCulture)) Assert.Fail($"{line} instead of {next}");
            next++;
        }
        Assert.Equal(1_000_000, next);
    }

    [Fact(Timeout = 120_000)]
    public async Task Long_lines_come_through()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 300_000))];
        Assert.Equal(lines, await (Source.From(lines) | Stage.Command("cat", [])).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_result_does_not_wait_for_the_next_item()
    {
        var items = Channel.CreateUnbounded<string>();
        await using var lines = new Watched<string>(Source.From(items.Reader) | Stage.Command("cat", []));
        items.Writer.TryWrite("a");
        await lines.AreAsync("a");
        items.Writer.TryWrite("b");
        await lines.AreAsync("a", "b");
        items.Writer.Complete();
        await lines.Flow.Completion;
    }

    [Fact(Timeout = 60_000)]
    public async Task The_last_line_needs_no_end() =>
        Assert.Equal(["a", "b"], await Shell("printf 'a\\nb'").ToListAsync(Token));

    [Fact(Timeout = 60_000)]
    public async Task No_items_are_an_empty_input() => Assert.Equal(["0"], (await Shell("wc -l").ToListAsync(Token)).Select(line => line.Trim()));

    [Fact(Timeout = 60_000)]
    public async Task A_program_may_stop_reading_before_the_end() =>
        Assert.Equal(["0", "1", "2"], await (Source.From(Numbers(int.MaxValue)) | Stage.Command("head", ["-n", "3"])).ToListAsync(Token));

    [Fact(Timeout = 60_000)]
    public async Task A_program_may_end_while_the_input_pauses()
    {
        var items = Channel.CreateUnbounded<string>();
        items.Writer.TryWrite("a");
        items.Writer.TryWrite("b");
        Assert.Equal(["a"], await (Source.From(items.Reader) | Stage.Command("head", ["-n", "1"])).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_may_close_its_input_and_go_on() =>
        Assert.Equal(["done"], await (Source.From(Numbers(100_000)) | Stage.Command(sh, ["-c", "exec <&-; sleep 0.1; echo done"])).ToListAsync(Token));

    [Fact(Timeout = 60_000)]
    public async Task A_program_may_close_its_output_and_go_on_reading() =>
        Assert.Empty(await (Source.From(Numbers(100_000)) | Stage.Command(sh, ["-c", "exec >&-; n=$(wc -l); [ $n -eq 100000 ]"])).ToListAsync(Token));

    [Fact(Timeout = 60_000)]
    public async Task A_bad_exit_code_fails_the_stage_behind_its_results()
    {
        (List<string> lines, ProgramFailedException error) =
            await Failing.RunAsync<string, ProgramFailedException>(Shell("echo a; echo 'it broke' >&2; printf b; exit 3"));
        Assert.Equal(["a", "b"], lines);
        Assert.Equal("LEAT0017", error.Code);
        Assert.Equal(3, error.ExitCode);
        Assert.Equal("it broke", error.StandardError);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("it broke", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Other_exit_codes_can_mean_success()
    {
        Require.Tool("grep");
        Pipe<string> items = Source.From(["a"]);
        await Failing.RunAsync<string, ProgramFailedException>(items | Stage.Command("grep", ["x"]));
        Assert.Empty(await (items | Stage.Command("grep", ["x"], new CommandOptions { SuccessCodes = [0, 1] })).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_a_long_standard_error_the_end_is_kept()
    {
        (List<string> lines, ProgramFailedException error) = await Failing.RunAsync<string, ProgramFailedException>(
            Shell("i=0; while [ $i -lt 20000 ]; do echo \"error $i ä\" >&2; i=$((i+1)); done; echo out; exit 1"));
        Assert.Equal(["out"], lines);
        Assert.StartsWith("…", error.StandardError, StringComparison.Ordinal);
        Assert.EndsWith("error 19998 ä\nerror 19999 ä", error.StandardError, StringComparison.Ordinal);
        Assert.InRange(error.StandardError.Length, 4_000, 8 * 1024);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_is_not_there_is_told()
    {
        (_, LeatException error) = await Failing.RunAsync<string, LeatException>(Source.From(Numbers(int.MaxValue)) | Stage.Command("no-such-program", []));
        Assert.Equal("LEAT0016", error.Code);
        Assert.Contains("'no-such-program'", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Folder_and_environment_can_be_set()
    {
        using var folder = new TemporaryDirectory();
        var options = new CommandOptions
        {
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["GREETING"] = "hello", ["HOME"] = null },
        };
        Assert.Equal(
            [$"hello {Path.GetFileName(folder.Path)} none"],
            await (Source.From(Array.Empty<string>()) | Stage.Command(sh, ["-c", "echo $GREETING $(basename \"$PWD\") ${HOME-none}"], options)).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Arguments_are_passed_on_as_they_are()
    {
        string[] arguments = ["a b", "", "$HOME", "'", "\"", "*", "\\", "ä"];
        Assert.Equal(
            arguments,
            await (Source.From(Array.Empty<string>()) | Stage.Command(sh, ["-c", "printf '%s\\n' \"$@\"", "sh", .. arguments])).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Several_workers_share_the_items()
    {
        List<string> lines = await (Source.From(Numbers(10_000)) | Stage.Command(sh, ["-c", "sed \"s/$/ $$/\""]).With(workers: 3)).ToListAsync(Token);
        Assert.Equal(Enumerable.Range(0, 10_000), lines.Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public void The_stage_is_named_after_the_program() => Assert.Equal("samtools", Stage.Command("/opt/bin/samtools", ["view"]).Name);

    [Fact]
    public void A_program_is_needed() => Assert.Throws<ArgumentException>(() => Stage.Command("", []));

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture));

    private Pipe<string> Shell(string script) => Source.From(Array.Empty<string>()) | Stage.Command(sh, ["-c", script]);
}
