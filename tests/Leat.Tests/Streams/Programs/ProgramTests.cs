using System.Diagnostics;
using System.Globalization;

namespace Leat.Tests.Streams.Programs;

public sealed class ProgramTests
{
    private readonly string sh = Require.Tool("sh");
    private readonly string seconds = Processes.UniqueSeconds();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Each_item_has_a_program_of_its_own()
    {
        List<ProgramResult> results = await (Source.From(["a", "b"]) | Shell<string>(item => $"echo out {item}; echo error {item} >&2")).ToListAsync(Token);
        Assert.Equal([new ProgramResult(0, "out a\n", "error a\n"), new ProgramResult(0, "out b\n", "error b\n")], results);
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_keep_the_order_of_their_items_although_programs_end_in_another()
    {
        List<ProgramResult> results = await (Source.From(Enumerable.Range(0, 8)) | Shell<int>(i => $"sleep 0.{(8 - i) % 4}; echo {i}").With(workers: 4)).ToListAsync(Token);
        Assert.Equal(Enumerable.Range(0, 8), results.Select(result => int.Parse(result.StandardOutput, CultureInfo.InvariantCulture)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_folder_and_environment_can_be_set()
    {
        using var folder = new TemporaryDirectory();
        Stage<string, ProgramResult> stage = Stage.Program((string item) => new ProgramStart(sh, "-c", "cat; echo $GREETING; basename \"$PWD\"")
        {
            StandardInput = $"{item} ä\n",
            WorkingDirectory = folder.Path,
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["GREETING"] = "hello" },
        });
        ProgramResult result = await (Source.From(["in"]) | stage).FirstAsync(Token);
        Assert.Equal($"in ä\nhello\n{Path.GetFileName(folder.Path)}\n", result.StandardOutput);
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_an_input_there_is_none() =>
        Assert.Equal(new ProgramResult(0, "", ""), await (Source.From([0]) | Stage.Program((int _) => new ProgramStart("cat"))).FirstAsync(Token));

    [Fact(Timeout = 120_000)]
    public async Task Large_streams_in_all_directions_do_not_block_each_other()
    {
        string input = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i} ä\n"));
        Stage<string, ProgramResult> stage = Stage.Program((string item) => new ProgramStart(sh, "-c", "tee /dev/stderr") { StandardInput = item });
        ProgramResult result = await (Source.From([input]) | stage).FirstAsync(Token);
        Assert.Equal(input, result.StandardOutput);
        Assert.Equal(input, result.StandardError);
    }

    [Fact(Timeout = 60_000)]
    public async Task Input_that_is_not_read_does_not_matter()
    {
        Stage<int, ProgramResult> stage = Stage.Program((int _) => new ProgramStart(sh, "-c", "echo done") { StandardInput = new string('x', 1_000_000) });
        Assert.Equal("done\n", (await (Source.From([0]) | stage).FirstAsync(Token)).StandardOutput);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bad_exit_code_is_the_failure_of_its_item()
    {
        Stage<int, ProgramResult> stage = Shell<int>(i => $"echo {i}; echo 'bad luck' >&2; exit {i % 2 * 7}");
        Outcome<ProgramResult>[] outcomes = await (Source.From(Enumerable.Range(0, 4)) | stage.With(onError: OnError.Carry)).Outcomes(Token).ToArrayAsync(Token);
        Assert.Equal([true, false, true, false], outcomes.Select(outcome => outcome.IsSuccess));
        ProgramFailedException error = Assert.IsType<ProgramFailedException>(outcomes[3].Failure!.Exception);
        Assert.Equal(7, error.ExitCode);
        Assert.Equal("bad luck", error.StandardError);
        Assert.Equal(3L, outcomes[3].Failure!.Number);
    }

    [Fact(Timeout = 60_000)]
    public async Task Retries_run_the_program_again()
    {
        using var folder = new TemporaryDirectory();
        Stage<int, ProgramResult> stage = Shell<int>(_ => $"echo x >> {folder["tries"]}; [ $(wc -l < {folder["tries"]}) -eq 3 ]");
        await (Source.From([0]) | stage.With(onError: OnError.Retry(5))).ToListAsync(Token);
        Assert.Equal(3, (await File.ReadAllLinesAsync(folder["tries"], Token)).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_signal_counts_as_an_exit_code()
    {
        (_, ProgramFailedException error) = await Failing.RunAsync<ProgramResult, ProgramFailedException>(Source.From([0]) | Shell<int>(_ => "kill -9 $$"));
        Assert.Equal(128 + 9, error.ExitCode);
        Assert.Contains("wrote nothing", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Other_exit_codes_can_mean_success()
    {
        Stage<int, ProgramResult> stage = Stage.Program((int _) => new ProgramStart(sh, "-c", "exit 4") { SuccessCodes = [4] });
        Assert.Equal(4, (await (Source.From([0]) | stage).FirstAsync(Token)).ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_a_long_complaint_the_failure_holds_the_end()
    {
        (_, ProgramFailedException error) = await Failing.RunAsync<ProgramResult, ProgramFailedException>(Source.From([0]) | Shell<int>(_ => "seq 100000 >&2; exit 1"));
        Assert.InRange(error.StandardError.Length, 8_000, 8 * 1024);
        Assert.EndsWith("99999\n100000", error.StandardError, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_missing_working_folder_is_told()
    {
        (_, LeatException error) = await Failing.RunAsync<ProgramResult, LeatException>(
            Source.From([0]) | Stage.Program((int _) => new ProgramStart("sort") { WorkingDirectory = "/no/such/folder" }));
        Assert.Equal("LEAT0016", error.Code);
        Assert.Contains("its working folder '/no/such/folder' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("no-such-program")]
    [InlineData("/no/such/program")]
    [InlineData("/etc")]
    public async Task A_program_that_can_not_be_started_is_told(string program)
    {
        (_, LeatException error) = await Failing.RunAsync<ProgramResult, LeatException>(Source.From([0]) | Stage.Program((int _) => new ProgramStart(program)));
        Assert.Equal("LEAT0016", error.Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task At_a_timeout_the_whole_tree_is_killed_and_the_next_item_runs()
    {
        for (int i = 0; i < Repeat.Times(1); i++)
        {
            Stage<int, ProgramResult> stage = Shell<int>(item => item == 0 ? $"sleep {seconds} & sleep {seconds}" : "echo fine")
                .With(timeout: TimeSpan.FromSeconds(2), onError: OnError.Carry);
            Outcome<ProgramResult>[] outcomes = await (Source.From([0, 1]) | stage).Outcomes(Token).ToArrayAsync(Token);
            Assert.IsType<TimeoutException>(outcomes[0].Failure?.Exception);
            Assert.Equal("fine\n", outcomes[1].Value.StandardOutput);
            await Processes.AreGoneAsync(seconds);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_run_is_cancelled_all_programs_are_killed()
    {
        for (int i = 0; i < Repeat.Times(3); i++)
        {
            await using (Flow.Start(Source.From(Enumerable.Range(0, 100)) | Shell<int>(_ => $"sleep {seconds} & sleep {seconds}").With(workers: 4)))
            {
                await Eventually.TrueAsync(() => Processes.With(seconds).Count >= 8, () => $"{Processes.With(seconds).Count} processes");
            }
            await Processes.AreGoneAsync(seconds);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_left_behind_on_purpose_may_go_on()
    {
        Stage<int, ProgramResult> stage = Shell<int>(_ => $"sleep {seconds} >/dev/null & echo $!");
        ProgramResult result = await (Source.From([0]) | stage).FirstAsync(Token);
        int left = int.Parse(result.StandardOutput, CultureInfo.InvariantCulture);
        Assert.True(Processes.Runs(left));
        using Process process = Process.GetProcessById(left);
        process.Kill();
    }

    [Fact]
    public void A_start_can_be_read() =>
        Assert.Equal("samtools view \"a b.bam\" \"\"", new ProgramStart("samtools", "view", "a b.bam", "").ToString());

    [Fact]
    public void The_stage_is_named_after_its_function() => Assert.Equal(nameof(StartView), Stage.Program<string>(StartView).Name);

    private static ProgramStart StartView(string path) => new("samtools", "view", path);

    private Stage<T, ProgramResult> Shell<T>(Func<T, string> script) => Stage.Program((T item) => new ProgramStart(sh, "-c", script(item)));
}
