using System.Diagnostics;
using Leat.Jobs;
using Leat.Scheduling;
using Leat.Tests.Streams.Programs;

namespace Leat.Tests.Jobs.Execution;

/// <summary>Jobs that run other programs.</summary>
public sealed class CommandRunnerTests : IAsyncDisposable
{
    private readonly ActionBench bench = new();
    private readonly Pool pool = Pool.Threads(2);
    private readonly ActionRunner runner;

    public CommandRunnerTests() => runner = ActionRunner.For(pool);

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await pool.DisposeAsync();
        bench.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_gets_paths_folder_and_variables_and_no_input()
    {
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c 'cat; pwd; echo $ONE $TWO $THREE' {path}", standardOutput: true, new CommandOptions { Environment = new Dictionary<string, string?> { ["TWO"] = "2" } }));
        call = call with { Variables = new Dictionary<string, string> { ["ONE"] = "1", ["TWO"] = "other" } };

        ActionResult result = await runner.RunAsync(call, default);

        Assert.Equal((null, false), (result.Error, result.HasLog));
        Assert.Equal($"{bench.Graph.Folder}\n1 2\n", bench.Read("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_variable_arrives_and_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere no shell stands before the program.");
        Dictionary<string, string?> own = new(StringComparer.Ordinal) { ["a.b"] = "one\ntwo", ["BASH_FUNC_m%%"] = "() { echo three; }", ["SHLVL"] = "7", ["OLDPWD"] = null };
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"env -0", standardOutput: true, new CommandOptions { Environment = own }));
        SortedSet<string> expected = new(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry each in Environment.GetEnvironmentVariables())
        {
            if (!own.ContainsKey((string)each.Key)) expected.Add($"{each.Key}={each.Value}");
        }

        foreach ((string name, string? value) in own)
        {
            if (value is not null) expected.Add($"{name}={value}");
        }

        Assert.Null((await runner.RunAsync(call, default)).Error);

        Assert.Equal(expected, bench.Read("a").TrimEnd('\0').Split('\0').Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Programs_run_also_when_their_guard_was_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nothing enters its number with the guard.");
        // Those of other tests have theirs, and go on without them, too.
        ActionCall first = bench.Call(bench.Graph.Command("a", path => $"sh -c 'echo one > $0' {path}"));
        Assert.Null((await runner.RunAsync(first, default)).Error);
        List<int> guards = [.. Pools.Children.Of(Environment.ProcessId).Where(id => File.ReadAllText($"/proc/{id}/cmdline").Contains("while read o p", StringComparison.Ordinal))];
        Assert.NotEmpty(guards);
        guards.ForEach(Pools.Children.Kill);
        await Streams.Eventually.TrueAsync(() => !guards.Exists(Processes.Runs), () => "A guard was not killed.");

        Assert.Null((await runner.RunAsync(bench.Call(bench.Graph.Command("b", path => $"sh -c 'echo two > $0' {path}")), default)).Error);
        Assert.Equal("two\n", bench.Read("b"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_streams_go_to_the_log()
    {
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c 'echo one; echo two >&2; cp $0 $1' {bench.Graph.Folder + "/b"} {path}"));
        File.WriteAllText(bench["b"], "content");

        ActionResult result = await runner.RunAsync(call, default);

        Assert.Equal((null, true), (result.Error, result.HasLog));
        Assert.Equal("content", bench.Read("a"));
        Assert.Equal(["one", "two"], File.ReadAllLines(call.Log).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_bad_exit_code_is_told_with_the_command_and_the_last_lines_of_the_standard_error()
    {
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c 'seq 1 30 >&2; exit 3' {path}"));

        string message = (await runner.RunAsync(call, default)).Error!.Message;

        Assert.StartsWith("LEAT0151: The program of 'a' ended with exit code 3. The command was: sh -c 'seq 1 30 >&2; exit 3' ", message, StringComparison.Ordinal);
        Assert.EndsWith(":\n" + string.Join('\n', Enumerable.Range(11, 20)), message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Other_exit_codes_may_mean_success_and_signals_are_named()
    {
        CommandJob good = bench.Graph.Command("a", path => $"sh -c 'exit 3' {path}", command: new CommandOptions { SuccessCodes = [0, 3] });
        CommandJob bad = bench.Graph.Command("b", path => $"sh -c 'kill -11 $$' {path}");

        Assert.Null((await runner.RunAsync(bench.Call(good), default)).Error);
        ActionResult result = await runner.RunAsync(bench.Call(bad), default);
        Assert.Contains("signal 11 (SIGSEGV)", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Error, result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_program_that_is_not_there_is_told()
    {
        ActionResult result = await runner.RunAsync(bench.Call(bench.Graph.Command("a", path => $"no-such-program {path}")), default);

        Assert.Contains("no-such-program", Assert.IsType<LeatException>(result.Error).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_path_to_a_program_begins_in_its_folder()
    {
        File.WriteAllText(bench["tool"], "#!/bin/sh\necho here > $1\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(bench["tool"], UnixFileMode.UserExecute | UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Null((await runner.RunAsync(bench.Call(bench.Graph.Command("a", path => $"./tool {path}")), default)).Error);
        Assert.Equal("here\n", bench.Read("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timeout_ends_a_program_with_all_that_it_has_started()
    {
        string seconds = Processes.UniqueSeconds();
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c 'sleep {seconds} & (sleep {seconds} & wait)' {path}")) with { Timeout = TimeSpan.FromMilliseconds(300) };

        ActionResult result = await runner.RunAsync(call, default);

        Assert.IsType<TimeoutException>(result.Error);
        Assert.Equal(FailureCause.Time, result.Cause);
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timeout_ends_what_was_left_behind_by_those_who_have_started_it()
    {
        string seconds = Processes.UniqueSeconds();

        // The shell between has ended, and nothing connects the other program with this one.
        string script = $"(sleep {seconds} < /dev/null > /dev/null 2>&1 &); sleep {seconds}";
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c {script} {path}")) with { Timeout = TimeSpan.FromMilliseconds(500) };

        ActionResult result = await runner.RunAsync(call, default);

        Assert.IsType<TimeoutException>(result.Error);
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_program_is_ended_at_once()
    {
        string seconds = Processes.UniqueSeconds();
        using var cancellation = new CancellationTokenSource();
        Task<ActionResult> running = runner.RunAsync(bench.Call(bench.Graph.Command("a", path => $"sh -c 'sleep {seconds}; true' {path}")), cancellation.Token);
        await Streams.Eventually.TrueAsync(() => Processes.With(seconds).Count > 1, () => "It does not start.");

        await cancellation.CancelAsync();

        Assert.IsType<OperationCanceledException>((await running).Error);
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task More_memory_than_allowed_ends_a_program()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells of memory.");
        const int mebibyte = 1 << 20;

        // A child of the shell has the memory.
        const string script = "(x=$(head -c 150000000 /dev/zero | tr '\\0' a); sleep 1000); true";
        ActionCall call = bench.Call(bench.Graph.Command("a", path => $"sh -c {script} {path}")) with { Memory = 50 * mebibyte };
        long started = Stopwatch.GetTimestamp();

        ActionResult result = await runner.RunAsync(call, default);

        Assert.Matches("^LEAT0152: The action of 'a' had [0-9,.]+ MiB of memory, .* allowed 50 MiB", result.Error!.Message);
        Assert.Equal(FailureCause.Memory, result.Cause);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact(Timeout = 60_000)]
    public async Task Programs_end_when_this_program_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a program has started.");
        string seconds = Processes.UniqueSeconds(), folder = bench["inner"];
        Directory.CreateDirectory(folder);

        // The worker of another pool plays the program.
        await using Pool outer = Pool.Processes(1);
        Task<List<int>> running = (new[] { 0 } | Stage.Map<int, int>((_, _) => RunInnerAsync(folder, seconds)).On(outer)).ToListAsync().AsTask();
        await Streams.Eventually.TrueAsync(() => Processes.With(seconds).Count >= 4 && File.Exists(Path.Combine(folder, "id")), () => "They do not start.", seconds: 30);

        int[] started = [.. Processes.With(seconds)];
        Pools.Children.Kill(int.Parse(File.ReadAllText(Path.Combine(folder, "id")), System.Globalization.CultureInfo.InvariantCulture));

        await Streams.Eventually.TrueAsync(() => !started.Any(Processes.Runs), () => "Programs of a killed program still run.", seconds: 30);
        await outer.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => running);
        await Processes.AreGoneAsync(seconds);
    }

    private static async ValueTask<int> RunInnerAsync(string folder, string seconds)
    {
        var graph = new JobGraph(new JobGraphOptions { Folder = folder });
        await using Pool threads = Pool.Threads(1);
        await using ActionRunner inner = ActionRunner.For(threads);
        CommandJob job = graph.Command("a", path => $"sh -c 'sleep {seconds} & (sleep {seconds} < /dev/null > /dev/null 2>&1 &) ; (sleep {seconds}; true)' {path}");
        await File.WriteAllTextAsync(Path.Combine(folder, "id"), $"{Environment.ProcessId}");
        return (await inner.RunAsync(new ActionCall(job, 1, job.Outputs, Path.Combine(folder, "log")), default)).HasLog ? 1 : 0;
    }
}
