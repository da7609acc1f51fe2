using System.Globalization;
using Leat.Jobs;
using Leat.Scheduling;
using Leat.Tests.Streams;

namespace Leat.Tests.Jobs.Execution;

/// <summary>Actions in the one worker process that has loaded data.</summary>
public sealed class LoadedProcessTests : IAsyncDisposable
{
    private readonly ActionBench bench = new();
    private readonly Pool pool = Pool.Processes(2);
    private readonly ActionRunner runner;

    public LoadedProcessTests() => runner = ActionRunner.For(pool);

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await pool.DisposeAsync();
        bench.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_value_is_loaded_once_and_shared_by_actions_that_run_at_the_same_time()
    {
        string loads = bench["loads"], met = bench["met"];
        LoadJob<int[]> basis = bench.Graph.Load("basis", () => new[] { 40 });
        LoadJob<int[]> index = bench.Graph.Load("index", () =>
        {
            File.AppendAllText(loads, "x");
            return new[] { basis.Value[0] + 1 };
        }).DependsOn(basis);
        FileJob[] jobs = [.. Enumerable.Range(0, 3).Select(i => bench.Graph.File($"{i}", path =>
        {
            // All of them are there, or none goes on.
            Meeting.Of(met, 3);
            File.WriteAllText(path, $"{index.Value[0]} {Environment.ProcessId}");
        }).DependsOn(index))];
        runner.Prepare([basis, index, .. jobs]);

        Assert.All(await Task.WhenAll(jobs.Select(job => runner.RunAsync(bench.Call(job), default))), result => Assert.Null(result.Error));

        string told = Assert.Single(jobs.Select(job => File.ReadAllText(job.Path)).Distinct());
        Assert.StartsWith("41 ", told, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Environment.ProcessId}", told, StringComparison.Ordinal);
        Assert.Equal("x", bench.Read("loads"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_object_whose_attribute_is_loaded_is_the_same_one_wherever_it_is_captured()
    {
        var genome = new Genome();
        var holder = new Holder(genome, [genome]);
        AttributeJob index = bench.Graph.Load(() => genome.Index, () => new Dictionary<string, int> { ["a"] = 7 });
        FileJob direct = bench.Graph.File("direct", path => File.WriteAllText(path, $"{genome.Index!["a"]}")).DependsOn(index);
        FileJob held = bench.Graph.File("held", path => File.WriteAllText(path, $"{holder.Genome.Index!["a"]} {holder.All[0].Index!["a"]} {holder.All[0].Name}")).DependsOn(index);
        FileJob far = Far(genome).DependsOn(index);
        runner.Prepare([index, direct, held, far]);

        foreach (FileJob job in new[] { direct, held, far }) Assert.Null((await runner.RunAsync(bench.Call(job), default)).Error);

        Assert.Equal(("7", "7 7 hg38", "7 hg38"), (bench.Read("direct"), bench.Read("held"), bench.Read("far")));
        Assert.Null(genome.Index);

        FileJob Far(Genome other) => bench.Graph.File("far", path => File.WriteAllText(path, $"{other.Index!["a"]} {other.Name}"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Attributes_of_this_of_classes_and_of_local_variables_are_loaded()
    {
        var analysis = new Analysis();
        Dictionary<string, int>? local = null;
        AttributeJob index = bench.Graph.Load(() => local!, () => new Dictionary<string, int> { ["a"] = 8 }, id: "local");
        AttributeJob shared = bench.Graph.Load(() => Analysis.Shared, () => new[] { 9 });
        FileJob job = bench.Graph.File("local user", path => File.WriteAllText(path, $"{local!["a"]} {Analysis.Shared![0]}")).DependsOn(index, shared);
        FileJob own = analysis.Build(bench.Graph);
        runner.Prepare([index, shared, job, own, .. bench.Graph.Jobs.OfType<AttributeJob>()]);

        foreach (FileJob each in new[] { job, own }) Assert.Null((await runner.RunAsync(bench.Call(each), default)).Error);

        Assert.Equal(("8 9", "5 own"), (bench.Read("local user"), bench.Read("own")));
        Assert.Null(Analysis.Shared);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_load_is_tried_again_where_it_throws_and_where_it_ends_its_process()
    {
        string loads = bench["loads"];
        LoadJob<int> value = bench.Graph.Load("value", () =>
        {
            File.AppendAllText(loads, "x");
            if (new FileInfo(loads).Length == 1) Environment.Exit(3);
            if (new FileInfo(loads).Length == 2) throw new IOException("not yet");
            return 3;
        }, new JobOptions { Retries = 1, RetryDelay = TimeSpan.Zero });
        FileJob job = bench.Graph.File("a", path => File.WriteAllText(path, $"{value.Value}")).DependsOn(value);
        runner.Prepare([value, job]);

        Assert.Null((await runner.RunAsync(bench.Call(job), default)).Error);

        Assert.Equal(("3", "xxx"), (bench.Read("a"), bench.Read("loads")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Jobs_that_come_later_are_sent_later()
    {
        string loads = bench["loads"];
        var genome = new Genome();
        LoadJob<int> value = bench.Graph.Load("value", () =>
        {
            File.AppendAllText(loads, "x");
            return 3;
        });
        FileJob first = bench.Graph.File("first", path => File.WriteAllText(path, $"{value.Value} {Environment.ProcessId}")).DependsOn(value);
        Assert.Null((await runner.RunAsync(bench.Call(first), default)).Error);

        LoadJob<int> more = bench.Graph.Load("more", () => value.Value + 1).DependsOn(value);
        FileJob second = bench.Graph.File("second", path => File.WriteAllText(path, $"{more.Value} {Environment.ProcessId}")).DependsOn(more);
        Assert.Null((await runner.RunAsync(bench.Call(second), default)).Error);
        Assert.Equal("x", bench.Read("loads"));
        Assert.Equal(bench.Read("first").Split(' ')[1], bench.Read("second").Split(' ')[1]);

        AttributeJob index = bench.Graph.Load(() => genome.Index, () => new Dictionary<string, int> { ["a"] = 7 });
        FileJob third = bench.Graph.File("third", path => File.WriteAllText(path, $"{genome.Index!["a"]}")).DependsOn(index);
        Assert.Null((await runner.RunAsync(bench.Call(third), default)).Error);
        Assert.Equal("7", bench.Read("third"));
    }

    [Fact(Timeout = 60_000)]
    public async Task When_the_process_dies_the_guilty_one_fails_and_the_others_end_well()
    {
        string met = bench["met"], done = bench["done"];
        LoadJob<int> value = bench.Graph.Load("value", () => 3);
        FileJob[] jobs = [.. Enumerable.Range(0, 4).Select(i => bench.Graph.File($"{i}", path =>
        {
            Meeting.Of(met, 4);
            if (i == 2) Environment.Exit(5);

            // Until the process has ended once, which the guilty one sees to.
            if (!File.Exists(done)) Thread.Sleep(Timeout.Infinite);
            File.WriteAllText(path, $"{value.Value}");
        }).DependsOn(value))];
        runner.Prepare([value, .. jobs]);
        Task<ActionResult>[] running = [.. jobs.Select(job => runner.RunAsync(bench.Call(job), default))];
        await Eventually.TrueAsync(() => Meeting.Count(met) >= 4, () => "They do not meet.", seconds: 30);
        File.WriteAllText(done, "");

        ActionResult[] results = await Task.WhenAll(running);

        Assert.Contains("LEAT0154", results[2].Error?.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 5", results[2].Error!.Message, StringComparison.Ordinal);
        foreach (int i in new[] { 0, 1, 3 })
        {
            Assert.Null(results[i].Error);
            Assert.Equal("3", bench.Read($"{i}"));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_can_not_be_loaded_fails_all_that_need_it_and_is_tried_once()
    {
        string loads = bench["loads"];
        LoadJob<int> broken = bench.Graph.Load("broken", int () =>
        {
            File.AppendAllText(loads, "x");
            throw new InvalidTimeZoneException("no zone");
        });
        LoadJob<string> nothing = bench.Graph.Load("nothing", string () => null!);
        LoadJob<int> deadly = bench.Graph.Load("deadly", () =>
        {
            File.AppendAllText(loads, "y");
            Environment.Exit(4);
            return 0;
        });
        FileJob[] jobs = [.. Enumerable.Range(0, 2).Select(i => bench.Graph.File($"{i}", _ => { }).DependsOn(broken))];
        FileJob other = bench.Graph.File("other", _ => { }).DependsOn(nothing);
        FileJob[] dying = [.. Enumerable.Range(0, 2).Select(i => bench.Graph.File($"dying {i}", _ => { }).DependsOn(deadly))];

        foreach (FileJob job in jobs) Assert.Equal("LEAT0153: 'broken' could not be loaded: no zone", (await runner.RunAsync(bench.Call(job), default)).Error?.Message);
        Assert.Contains("LEAT0139", (await runner.RunAsync(bench.Call(other), default)).Error?.Message, StringComparison.Ordinal);
        foreach (FileJob job in dying) Assert.Matches("^LEAT0153: 'deadly' could not be loaded: LEAT0154.*exit code 4", (await runner.RunAsync(bench.Call(job), default)).Error?.Message!);
        Assert.Equal("xy", bench.Read("loads"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_let_go_is_loaded_again_when_it_is_needed_again()
    {
        string loads = bench["loads"];
        var genome = new Genome();
        AttributeJob index = bench.Graph.Load(() => genome.Index, () =>
        {
            File.AppendAllText(loads, "x");
            return new Dictionary<string, int>();
        });
        LoadJob<int> other = bench.Graph.Load("other", () => 1);
        FileJob first = bench.Graph.File("first", _ => { }).DependsOn(index), again = bench.Graph.File("again", _ => { }).DependsOn(index);
        FileJob between = bench.Graph.File("between", path => File.WriteAllText(path, $"{genome.Index is null}")).DependsOn(other);
        runner.Prepare([index, other, first, between, again]);
        Assert.Null((await runner.RunAsync(bench.Call(first), default)).Error);

        runner.Unload(index);
        await Eventually.TrueAsync(
            () => runner.RunAsync(bench.Call(between), default) is { } run && run.Wait(30_000) && bench.Read("between") == "True", () => "It is not cleared.", seconds: 30);
        Assert.Null((await runner.RunAsync(bench.Call(again), default)).Error);

        Assert.Equal("xx", bench.Read("loads"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Logs_cultures_and_errors_are_each_actions_own()
    {
        string met = bench["met"];
        LoadJob<int> value = bench.Graph.Load("value", () => 3);
        FileJob Talking(string name) => bench.Graph.File(name, path =>
        {
            Meeting.Of(met, 2);
            Console.Write($"{name} ");
            Thread.Sleep(20);
            Console.WriteLine(value.Value);
            File.WriteAllText(path, CultureInfo.CurrentCulture.Name);
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            throw new InvalidTimeZoneException(name);
        }).DependsOn(value);
        ActionCall one = bench.Call(Talking("one")), two = bench.Call(Talking("two"));

        ActionResult[] results = await Task.WhenAll(runner.RunAsync(one, default), runner.RunAsync(two, default));

        Assert.Equal(["one", "two"], results.Select(result => Assert.IsType<InvalidTimeZoneException>(result.Error).Message));
        Assert.StartsWith("one 3\nSystem.InvalidTimeZoneException: one\n", bench.Read("logs/1.log"), StringComparison.Ordinal);
        Assert.StartsWith("two 3\nSystem.InvalidTimeZoneException: two\n", bench.Read("logs/2.log"), StringComparison.Ordinal);
        Assert.NotEqual("de-DE", bench.Read("two"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timeout_or_cancellation_ends_one_action_and_the_others_end_well()
    {
        string met = bench["met"];
        LoadJob<int> value = bench.Graph.Load("value", () => 3);
        FileJob hangs = bench.Graph.File("hangs", void (string _) =>
        {
            Meeting.Of(met, 3);
            Thread.Sleep(Timeout.Infinite);
        }).DependsOn(value), ends = bench.Graph.File("ends", path =>
        {
            Meeting.Of(met, 3);
            Thread.Sleep(1000);
            File.WriteAllText(path, $"{value.Value}");
        }).DependsOn(value), listens = bench.Graph.File("listens", async (_, token) =>
        {
            await Task.Yield();
            Meeting.Of(met, 3);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }).DependsOn(value);
        using var cancellation = new CancellationTokenSource();
        Task<ActionResult> late = runner.RunAsync(bench.Call(hangs) with { Timeout = TimeSpan.FromSeconds(3) }, default);
        Task<ActionResult> well = runner.RunAsync(bench.Call(ends), default);
        Task<ActionResult> cancelled = runner.RunAsync(bench.Call(listens), cancellation.Token);
        await Eventually.TrueAsync(() => Meeting.Count(met) >= 3, () => "They do not meet.", seconds: 30);
        await cancellation.CancelAsync();

        Assert.IsType<OperationCanceledException>((await cancelled).Error);
        ActionResult result = await late;
        Assert.IsType<TimeoutException>(result.Error);
        Assert.Equal(FailureCause.Time, result.Cause);
        Assert.Null((await well).Error);
        Assert.Equal("3", bench.Read("ends"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_action_that_can_not_travel_fails_and_does_not_keep_the_others_here()
    {
        var stream = new MemoryStream();
        var genome = new Genome();
        AttributeJob index = bench.Graph.Load(() => genome.Index, () => new Dictionary<string, int> { ["a"] = 7 });
        LoadJob<long> stuck = Stuck(stream);
        FileJob good = Good(genome).DependsOn(index), bad = Bad(stream).DependsOn(index), worse = bench.Graph.File("worse", _ => { }).DependsOn(stuck);
        runner.Prepare([index, stuck, good, bad, worse]);

        Assert.Contains("'stream'", (await runner.RunAsync(bench.Call(bad), default)).Error?.Message, StringComparison.Ordinal);
        Assert.Null((await runner.RunAsync(bench.Call(good), default)).Error);
        Assert.Matches("^LEAT0153: 'stuck' could not be loaded: .*'stream'", (await runner.RunAsync(bench.Call(worse), default)).Error?.Message!);
        Assert.Equal("7", bench.Read("good"));

        FileJob Good(Genome genome) => bench.Graph.File("good", path => File.WriteAllText(path, $"{genome.Index!["a"]}"));
        FileJob Bad(MemoryStream stream) => bench.Graph.File("bad", path => File.WriteAllText(path, $"{stream.Length}"));
        LoadJob<long> Stuck(MemoryStream stream) => bench.Graph.Load("stuck", () => stream.Length);
    }

    private sealed class Genome
    {
        public string Name { get; } = "hg38";

        public Dictionary<string, int>? Index { get; set; }
    }

    private sealed record Holder(Genome Genome, List<Genome> All);

#pragma warning disable CA1001 // What the stream is for is that it can't travel.
    private sealed class Analysis
#pragma warning restore CA1001
    {
        // Stays here, and need not travel.
        private readonly MemoryStream stream = new();
        private readonly string name = "own";
        private int[]? Numbers { get; set; }

        public static int[]? Shared { get; set; }

        public FileJob Build(JobGraph graph)
        {
            _ = stream;
            AttributeJob load = graph.Load(() => Numbers!, () => new[] { 5 }, id: "numbers");
            return graph.File("own", path => File.WriteAllText(path, $"{Numbers![0]} {name}")).DependsOn(load);
        }
    }
}
