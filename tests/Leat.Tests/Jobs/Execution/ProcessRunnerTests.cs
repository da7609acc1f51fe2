using System.Diagnostics;
using System.Globalization;
using Leat.Jobs;
using Leat.Scheduling;
using Leat.Tests.Pools;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Programs;

namespace Leat.Tests.Jobs.Execution;

/// <summary>Actions in worker processes of their own.</summary>
public sealed class ProcessRunnerTests : IAsyncDisposable
{
    private static int seen;

    private readonly ActionBench bench = new();
    private readonly Pool pool = Pool.Processes(2);
    private readonly ActionRunner runner;

    public ProcessRunnerTests() => runner = ActionRunner.For(pool);

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await pool.DisposeAsync();
        bench.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_that_an_action_does_to_its_process_is_seen_by_another()
    {
        FileJob[] jobs = [.. Enumerable.Range(0, 6).Select(i => bench.Graph.File($"{i}", path =>
        {
            File.WriteAllText(path, $"{++seen} {Environment.CurrentDirectory == "/"} {CultureInfo.CurrentCulture.Name == "de-DE"} {Environment.GetEnvironmentVariable("LEAT_TEST_SEEN")} {Environment.ProcessId}");
            Environment.CurrentDirectory = "/";
            CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Environment.SetEnvironmentVariable("LEAT_TEST_SEEN", "yes");
        }))];

        Assert.All(await Task.WhenAll(jobs.Select(job => runner.RunAsync(bench.Call(job), default))), result => Assert.Null(result.Error));

        string[] told = [.. jobs.Select(job => File.ReadAllText(job.Path))];
        Assert.All(told, each => Assert.StartsWith("1 False False  ", each, StringComparison.Ordinal));
        Assert.Equal(6, told.Select(each => each.Split(' ')[^1]).Append($"{Environment.ProcessId}").Distinct().Count() - 1);
        Assert.Equal(0, seen);
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_of_a_process_when_its_action_has_ended()
    {
        string seconds = Processes.UniqueSeconds();
        FileJob job = bench.Graph.File("a", path =>
        {
            Process.Start("sleep", seconds);
            File.WriteAllText(path, $"{Environment.ProcessId}");
        });

        Assert.Null((await runner.RunAsync(bench.Call(job), default)).Error);

        Assert.False(Processes.Runs(int.Parse(bench.Read("a"), CultureInfo.InvariantCulture)));
        Assert.Empty(Processes.With(seconds));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_action_or_a_program_that_it_starts_reads_from_its_standard_input_is_at_its_end()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows(), "There is no program 'cat'.");
        FileJob job = bench.Graph.File("a", path =>
        {
            using Process cat = Process.Start(new ProcessStartInfo("cat") { UseShellExecute = false })!;
            cat.WaitForExit();
            File.WriteAllText(path, $"{cat.ExitCode} '{Console.In.ReadToEnd()}'");
        });

        Assert.Null((await runner.RunAsync(bench.Call(job), default)).Error);
        Assert.Equal("0 ''", bench.Read("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_action_throws_is_in_its_log_with_where_it_came_from()
    {
        FileJob job = bench.Graph.File("a", path =>
        {
            Console.Write("half a line");
            Deep();
        });
        ActionCall call = bench.Call(job);

        ActionResult result = await runner.RunAsync(call, default);

        Assert.True(result.HasLog);
        string log = await File.ReadAllTextAsync(call.Log, TestContext.Current.CancellationToken);
        Assert.StartsWith("half a line\nSystem.InvalidOperationException: outside\n ---> System.IO.InvalidDataException: inside\n", log, StringComparison.Ordinal);
        Assert.Contains(nameof(Deep), log, StringComparison.Ordinal);
        Assert.DoesNotContain("at Leat.Jobs.", log, StringComparison.Ordinal);

        static void Deep() => throw new InvalidOperationException("outside", new InvalidDataException("inside"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_crash_is_told_by_its_cause_and_not_by_the_end_of_its_stack()
    {
        FileJob job = bench.Graph.File("a", path => Environment.FailFast("the last word"));

        ActionResult result = await runner.RunAsync(bench.Call(job), default);

        Assert.Contains("It wrote last:\nProcess terminated.", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("the last word", result.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("at Leat.Jobs.", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_action_throws_comes_back()
    {
        FileJob job = bench.Graph.File("a", void (string _) => throw new InvalidTimeZoneException("zone"));

        ActionResult result = await runner.RunAsync(bench.Call(job), default);

        Assert.Equal("zone", Assert.IsType<InvalidTimeZoneException>(result.Error).Message);
        Assert.Equal(FailureCause.Error, result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Running_out_of_memory_is_told()
    {
        FileJob job = bench.Graph.File("a", path => File.WriteAllText(path, $"{System.Runtime.InteropServices.Marshal.AllocHGlobal(nint.MaxValue)}"));

        Assert.Equal(FailureCause.Memory, (await runner.RunAsync(bench.Call(job), default)).Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_action_that_ends_its_process_fails_at_once_with_what_it_wrote_last()
    {
        string count = bench["count"];
        FileJob exits = bench.Graph.File("a", _ =>
        {
            File.AppendAllText(count, "x");
            Console.Error.WriteLine("the last words");
            Environment.Exit(3);
        });
        FileJob dies = bench.Graph.File("b", _ => Children.Kill(Environment.ProcessId));

        ActionCall call = bench.Call(exits);
        ActionResult[] results = await Task.WhenAll(runner.RunAsync(call, default), runner.RunAsync(bench.Call(dies), default));

        Assert.Matches("^LEAT0154: The process in which the action of 'a' ran .*\\(exit code 3\\)", results[0].Error!.Message);
        Assert.Contains("the last words", results[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal("the last words\n", File.ReadAllText(call.Log));
        Assert.Equal("x", bench.Read("count"));
        Assert.Contains("signal 9", results[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Error, results[1].Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timeout_ends_the_process_with_all_that_it_has_started()
    {
        string seconds = Processes.UniqueSeconds();
        FileJob job = bench.Graph.File("a", _ => Process.Start("sleep", seconds).WaitForExit());

        ActionResult result = await runner.RunAsync(bench.Call(job) with { Timeout = TimeSpan.FromMilliseconds(300) }, default);

        Assert.IsType<TimeoutException>(result.Error);
        Assert.Equal(FailureCause.Time, result.Cause);
        await Processes.AreGoneAsync(seconds);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancelled_actions_end_at_once_running_or_waiting()
    {
        using var cancellation = new CancellationTokenSource();
        string seconds = Processes.UniqueSeconds();
        Task<ActionResult>[] all = [.. Enumerable.Range(0, 4).Select(i => runner.RunAsync(
            bench.Call(bench.Graph.File($"{i}", _ => Process.Start("sleep", seconds).WaitForExit())), cancellation.Token))];
        await Eventually.TrueAsync(() => Processes.With(seconds).Count == 2, () => "They do not start.", seconds: 30);

        await cancellation.CancelAsync();

        Assert.All(await Task.WhenAll(all), result => Assert.IsType<OperationCanceledException>(result.Error));
        await Processes.AreGoneAsync(seconds);
        Assert.Null((await runner.RunAsync(bench.Call(bench.Graph.File("next", path => File.WriteAllText(path, "x"))), default)).Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task More_memory_than_allowed_ends_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells of memory.");
        FileJob job = bench.Graph.File("a", _ =>
        {
            byte[] much = new byte[300_000_000];
            Array.Fill(much, (byte)1);
            Thread.Sleep(Timeout.Infinite);
            GC.KeepAlive(much);
        });

        ActionResult result = await runner.RunAsync(bench.Call(job) with { Memory = 200 << 20 }, default);

        Assert.Matches("^LEAT0152: The action of 'a' had [0-9,.]+ MiB of memory, .* allowed 200 MiB", result.Error!.Message);
        Assert.Equal(FailureCause.Memory, result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_action_and_its_programs_write_is_in_its_log()
    {
        FileJob job = bench.Graph.File("a", _ =>
        {
            Console.WriteLine("one ä");
            Process.Start("sh", ["-c", "echo two; echo three >&2"]).WaitForExit();
            Console.Error.Write("four");
        });
        ActionCall call = bench.Call(job);

        ActionResult result = await runner.RunAsync(call, default);

        Assert.True(result.HasLog);
        Assert.Equal(["four", "one ä", "three", "two"], File.ReadAllText(call.Log).Replace("four", "four\n", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Variables_are_seen_by_the_action_its_programs_and_native_libraries()
    {
        FileJob job = bench.Graph.File("a", path =>
        {
            using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "echo $LEAT_TEST_ONE"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            File.WriteAllText(path, $"{Environment.GetEnvironmentVariable("LEAT_TEST_ONE")} {shell.StandardOutput.ReadToEnd().Trim()} {Native.Variable("LEAT_TEST_ONE")}");
        });

        ActionResult result = await runner.RunAsync(bench.Call(job) with { Variables = new Dictionary<string, string> { ["LEAT_TEST_ONE"] = "1" } }, default);

        Assert.Equal((null, "1 1 1"), (result.Error, bench.Read("a")));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_action_that_can_not_travel_fails_and_others_do_not()
    {
        using var stream = new MemoryStream();
        FileJob bad = bench.Graph.File("a", path => File.WriteAllText(path, $"{stream.Length}"));

        ActionResult result = await runner.RunAsync(bench.Call(bad), default);

        Assert.Contains("'stream'", Assert.IsType<LeatException>(result.Error).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Values_that_are_kept_and_plots_travel()
    {
        int[] basis = [3, 4];
        CachedJob<int[]> kept = bench.Graph.Cached("kept", () => basis.Select(each => each * each).ToArray());
        PlotJob<int> plot = bench.Graph.Plot("plot", () => kept.Value.Sum(), (sum, path) => File.WriteAllText(path, $"{sum}"), table: "table.csv");
        plot.Data.DependsOn(kept);
        Directory.CreateDirectory(Path.GetDirectoryName(kept.Outputs[0])!);

        foreach (Job job in new Job[] { kept, plot.Data, plot, plot.Table! }) Assert.Null((await runner.RunAsync(bench.Call(job), default)).Error);

        Assert.Equal(("25", "value\n25\n"), (bench.Read("plot"), bench.Read("table.csv")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stages_and_actions_share_the_pool()
    {
        Task<List<int>> stage = (Enumerable.Range(0, 2000) | Stage.Map((int item) => item + Environment.ProcessId * 0).On(pool)).ToListAsync().AsTask();
        Task<ActionResult>[] all = [.. Enumerable.Range(0, 8).Select(i => runner.RunAsync(bench.Call(bench.Graph.File($"{i}", path => File.WriteAllText(path, "x"))), default))];

        Assert.All(await Task.WhenAll(all), result => Assert.Null(result.Error));
        Assert.Equal(Enumerable.Range(0, 2000), await stage);
        await runner.DisposeAsync();
        await Eventually.TrueAsync(() => pool.Stats().Workers <= 2, () => pool.Stats().ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pool_that_is_disposed_fails_its_actions()
    {
        string seconds = Processes.UniqueSeconds();
        Task<ActionResult> running = runner.RunAsync(bench.Call(bench.Graph.File("a", _ => Process.Start("sleep", seconds).WaitForExit())), default);
        await Eventually.TrueAsync(() => Processes.With(seconds).Count == 1, () => "It does not start.", seconds: 30);

        await pool.DisposeAsync();

        Assert.NotNull((await running).Error);
        Assert.NotNull((await runner.RunAsync(bench.Call(bench.Graph.File("b", _ => { })), default)).Error);
        await Processes.AreGoneAsync(seconds);
    }
}
