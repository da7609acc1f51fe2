using System.Globalization;
using Leat.Jobs;
using Leat.Scheduling;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Execution;

/// <summary>Actions on threads of this program.</summary>
[Collection(AloneCollection.Name)]
public sealed class ThreadsRunnerTests : IAsyncDisposable
{
    private readonly ActionBench bench = new();
    private readonly Pool pool = Pool.Threads(2);
    private readonly ActionRunner runner;

    public ThreadsRunnerTests() => runner = ActionRunner.For(pool);

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await pool.DisposeAsync();
        bench.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task An_action_runs_on_a_thread_that_is_not_of_the_thread_pool()
    {
        bool? isPooled = null;
        FileJob job = bench.Graph.File("a", path =>
        {
            isPooled = Thread.CurrentThread.IsThreadPoolThread;
            File.WriteAllText(path, "x");
        });

        ActionResult result = await runner.RunAsync(bench.Call(job), default);

        Assert.Equal((null, false, false), (result.Error, result.HasLog, isPooled));
        Assert.Equal("x", bench.Read("a"));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_action_throws_is_its_result()
    {
        FileJob job = bench.Graph.File("a", void (string path) => throw new InvalidTimeZoneException(path));

        ActionResult result = await runner.RunAsync(bench.Call(job), default);

        Assert.IsType<InvalidTimeZoneException>(result.Error);
        Assert.Equal(FailureCause.Error, result.Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task Running_out_of_memory_is_told()
    {
        FileJob job = bench.Graph.File("a", void (string _) => throw new InsufficientMemoryException());

        Assert.Equal(FailureCause.Memory, (await runner.RunAsync(bench.Call(job), default)).Cause);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_actions_write_goes_to_their_logs_and_what_others_write_to_the_console()
    {
        await runner.DisposeAsync();
        using var own = new StringWriter();
        using var both = new Barrier(3);
        TextWriter before = Console.Out;
        Console.SetOut(own);
        await using (ActionRunner routed = ActionRunner.For(pool))
        {
            FileJob Writing(string name) => bench.Graph.File(name, async (string _) =>
            {
                both.SignalAndWait(TimeSpan.FromSeconds(30));
                Console.WriteLine($"{name} 1");
                await Console.Error.WriteAsync($"{name} 2 ä");
                await Task.Run(() => Console.Write('!'));
            });
            ActionCall one = bench.Call(Writing("one")), two = bench.Call(Writing("two"));

            Task<ActionResult>[] running = [routed.RunAsync(one, default), routed.RunAsync(two, default)];
            both.SignalAndWait(TimeSpan.FromSeconds(30));
            Console.Write("me");
            Assert.All(await Task.WhenAll(running), result => Assert.True(result.HasLog));

            Assert.Equal("one 1\none 2 ä!", File.ReadAllText(one.Log));
            Assert.Equal("two 1\ntwo 2 ä!", File.ReadAllText(two.Log));
        }

        Assert.Equal("me", own.ToString());
        Console.Write(" again");
        Assert.Equal("me again", own.ToString());
        Console.SetOut(before);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_ignores_its_timeout_is_left_behind()
    {
        using var gate = new ManualResetEventSlim();
        FileJob job = bench.Graph.File("a", _ => gate.Wait());

        ActionResult result = await runner.RunAsync(bench.Call(job) with { Timeout = TimeSpan.FromMilliseconds(50) }, default);

        Assert.Contains("LEAT0150", Assert.IsType<TimeoutException>(result.Error).Message, StringComparison.Ordinal);
        Assert.Equal(FailureCause.Time, result.Cause);
        gate.Set();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_body_that_heeds_its_token_is_waited_for()
    {
        bool ended = false;
        FileJob job = bench.Graph.File("a", async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended = true;
        });

        ActionResult result = await runner.RunAsync(bench.Call(job) with { Timeout = TimeSpan.FromMilliseconds(50) }, default);

        Assert.IsType<TimeoutException>(result.Error);
        Assert.True(ended);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cancelled_actions_come_back_at_once_running_or_waiting()
    {
        using var cancellation = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        using var running = new CountdownEvent(2);
        Task<ActionResult>[] all = [.. Enumerable.Range(0, 4).Select(i => runner.RunAsync(
            bench.Call(bench.Graph.File(i.ToString(CultureInfo.InvariantCulture), _ =>
            {
                running.Signal();
                gate.Wait();
            })),
            cancellation.Token))];
        running.Wait(TimeSpan.FromSeconds(30));

        await cancellation.CancelAsync();

        Assert.All(await Task.WhenAll(all), result => Assert.IsType<OperationCanceledException>(result.Error));
        await Eventually.TrueAsync(() => pool.Stats() is { Busy: 0, Waiting: 0 }, () => pool.Stats().ToString());
        gate.Set();
        Assert.Null((await runner.RunAsync(bench.Call(bench.Graph.File("next", _ => { })), default)).Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_value_is_loaded_once_and_let_go()
    {
        int loads = 0;
        LoadJob<int[]> basis = bench.Graph.Load("basis", () => new[] { 40 });
        LoadJob<int[]> index = bench.Graph.Load("index", () => new[] { basis.Value[0] + Interlocked.Increment(ref loads) }).DependsOn(basis);
        Task<ActionResult>[] all = [.. Enumerable.Range(0, 8).Select(i => runner.RunAsync(
            bench.Call(bench.Graph.File($"{i}", path => File.WriteAllText(path, $"{index.Value[0]}")).DependsOn(index)), default))];

        Assert.All(await Task.WhenAll(all), result => Assert.Null(result.Error));
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal("41", bench.Read($"{i}")));
        Assert.True((await runner.LoadHereAsync([basis, index], default)).ContainsKey("index"));

        runner.Unload(index);
        Assert.Null((await runner.RunAsync(bench.Call(bench.Graph.File("later", path => File.WriteAllText(path, $"{index.Value[0]}")).DependsOn(index)), default)).Error);
        Assert.Equal("42", bench.Read("later"));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_attribute_is_set_and_cleared()
    {
        var genome = new Genome();
        AttributeJob index = bench.Graph.Load(() => genome.Index, () => new Dictionary<string, int> { ["a"] = 7 });
        FileJob job = bench.Graph.File("a", path => File.WriteAllText(path, $"{genome.Index!["a"]}")).DependsOn(index);

        ActionResult result = await runner.RunAsync(bench.Call(job), default);

        Assert.Null(result.Error);
        Assert.Equal("7", bench.Read("a"));
        Assert.NotNull(genome.Index);
        runner.Unload(index);
        Assert.Null(genome.Index);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_can_not_be_loaded_fails_all_that_need_it_and_is_tried_once()
    {
        int loads = 0;
        LoadJob<int[]> index = bench.Graph.Load("index", int[] () => throw new InvalidTimeZoneException($"no {Interlocked.Increment(ref loads)}"));
        LoadJob<string> nothing = bench.Graph.Load("nothing", string () => null!);
        FileJob one = bench.Graph.File("one", _ => { }).DependsOn(index), two = bench.Graph.File("two", _ => { }).DependsOn(index), three = bench.Graph.File("three", _ => { }).DependsOn(nothing);

        foreach (FileJob job in new[] { one, two })
        {
            LeatException error = Assert.IsType<LeatException>((await runner.RunAsync(bench.Call(job), default)).Error);
            Assert.Equal("LEAT0153: 'index' could not be loaded: no 1", error.Message);
        }

        Assert.Contains("LEAT0139", (await runner.RunAsync(bench.Call(three), default)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_action_may_use_what_its_job_depends_on_and_nothing_else()
    {
        FileJob other = bench.Graph.File("other", _ => { });
        FileJob bad = bench.Graph.File("bad", path => File.WriteAllText(path, other.Path)), good = bench.Graph.File("good", path => File.WriteAllText(path, other.Path)).DependsOn(other);

        Assert.Contains("LEAT0132", (await runner.RunAsync(bench.Call(bad), default)).Error!.Message, StringComparison.Ordinal);
        Assert.Null((await runner.RunAsync(bench.Call(good), default)).Error);
        Assert.Null((await runner.RunAsync(bench.Call(bad) with { Inputs = null }, default)).Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task Cultures_do_not_leak()
    {
        FileJob Telling(string name) => bench.Graph.File(name, path =>
        {
            File.WriteAllText(path, CultureInfo.CurrentCulture.Name);
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        });
        await runner.RunAsync(bench.Call(Telling("a")), default);
        await runner.RunAsync(bench.Call(Telling("b")), default);

        Assert.Equal((CultureInfo.CurrentCulture.Name, CultureInfo.CurrentCulture.Name), (bench.Read("a"), bench.Read("b")));
    }

    private sealed class Genome
    {
        public Dictionary<string, int>? Index { get; set; }
    }
}
