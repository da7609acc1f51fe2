using Leat.Jobs;
using Leat.Scheduling;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Execution;

/// <summary>Ends that meet: each action has one result, and nothing of the pool stays taken.</summary>
[Collection(AloneCollection.Name)]
public sealed class RunnerStressTests
{
    [Fact(Timeout = 600_000)]
    public async Task Actions_on_threads_that_end_are_cancelled_and_late_at_once()
    {
        using var bench = new ActionBench();
        await using Pool pool = Pool.Threads(3);
        await using ActionRunner runner = ActionRunner.For(pool);
        LoadJob<int> value = bench.Graph.Load("value", () => 1);
        FileJob quick = bench.Graph.File("quick", _ => { }), loaded = bench.Graph.File("loaded", _ => Assert.Equal(1, value.Value)).DependsOn(value);
        FileJob listens = bench.Graph.File("listens", async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        FileJob rests = bench.Graph.File("rests", _ => Thread.Sleep(1));
        for (int round = 0; round < Repeat.Times(5); round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<ActionResult>[] all = [.. Enumerable.Range(0, 40).Select(i => runner.RunAsync(
                bench.Call(new[] { quick, loaded, rests, listens }[i % 4]) with { Timeout = i % 4 > 1 ? TimeSpan.FromMilliseconds(1 + (i % 5)) : null }, cancellation.Token))];
            _ = Task.Run(cancellation.Cancel);
            foreach (ActionResult result in await Task.WhenAll(all))
            {
                Assert.True(result.Error is null or OperationCanceledException or TimeoutException, $"{result.Error}");
                Assert.Equal(result.Error is TimeoutException, result.Cause == FailureCause.Time);
            }

            await Eventually.TrueAsync(() => pool.Stats() is { Busy: 0, Waiting: 0 }, () => pool.Stats().ToString());
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Actions_in_processes_that_end_die_and_are_cancelled_at_once()
    {
        using var bench = new ActionBench();
        await using Pool pool = Pool.Processes(2);
        await using ActionRunner runner = ActionRunner.For(pool);
        LoadJob<int> value = bench.Graph.Load("value", () => 1);
        FileJob quick = bench.Graph.File("quick", _ => { }), dies = bench.Graph.File("dies", _ => Environment.Exit(3));
        FileJob loaded = bench.Graph.File("loaded", _ => Assert.Equal(1, value.Value)).DependsOn(value), kills = bench.Graph.File("kills", _ => Environment.Exit(3)).DependsOn(value);
        runner.Prepare([value, loaded, kills]);
        for (int round = 0; round < Repeat.Times(1); round++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<ActionResult>[] sure = [.. new[] { loaded, kills, loaded, quick, dies }.Select(job => runner.RunAsync(bench.Call(job), default))];
            Task<ActionResult>[] unsure = [.. new[] { quick, dies, loaded }.Select(job => runner.RunAsync(bench.Call(job), cancellation.Token))];
            await sure[3];
            await cancellation.CancelAsync();
            ActionResult[] results = await Task.WhenAll(sure);

            Assert.Equal([true, false, true, true, false], results.Select(result => result.Error is null));
            Assert.All([results[1], results[4]], result => Assert.Contains("exit code 3", result.Error!.Message, StringComparison.Ordinal));
            foreach (ActionResult result in await Task.WhenAll(unsure))
            {
                Assert.True(result.Error is null or OperationCanceledException or LeatException { Code: "LEAT0154" }, $"{result.Error}");
            }
        }
    }
}
