using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Pools.Slurm;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>A graph of 500 jobs on a real Slurm, and what may happen to it, its nodes and the program meanwhile: the graph ends complete, and each job has succeeded once.</summary>
[Collection(AloneCollection.Name)]
public sealed class SlurmFaultsTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task A_node_that_dies_with_all_of_its_processes()
    {
        string lost = "";
        await RunAsync(2, () =>
        {
            if (lost.Length > 0)
            {
                cluster.Control("start-node", lost);
                return;
            }

            lost = SlurmCluster.Queue("%N")[0];
            cluster.Control("kill-node", lost);
        });
    }

    [Fact(Timeout = 120_000)]
    public async Task Agents_and_workers_that_are_killed()
    {
        int times = 0;
        await RunAsync(4, () => (++times % 2 == 0 ? cluster.Agents() : cluster.Workers()).Take(1).ToList().ForEach(Children.Kill));
    }

    [Fact(Timeout = 120_000)]
    public async Task Jobs_that_somebody_cancels() => await RunAsync(2, () => SlurmCluster.Run("scancel", SlurmCluster.Queue("%A")));

    [Fact(Timeout = 120_000)]
    public async Task A_controller_that_ends_and_starts_again()
    {
        Task? started = null;
        await RunAsync(1, () =>
        {
            cluster.Control("stop-controller");

            // Whether jobs end meanwhile or not: what is given back can't be had again.
            started = StartControllerBehindAsync(TimeSpan.FromSeconds(5));
        });
        await started!;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_program_that_is_killed_and_started_again()
    {
        string folder = rig.Folder;
        await using (Pool outer = Leat.Pool.Processes(1))
        {
            // The worker of the outer pool plays the program.
            Stage<int, int> program = Stage.FlatMap<int, int>(_ => StartInnerAsync(folder)).On(outer);
            await using IAsyncEnumerator<int> results = (new[] { 0 } | program).GetAsyncEnumerator();
            Assert.True(await results.MoveNextAsync());
            Children.Kill(results.Current);
        }

        await RemoteProcesses.AssertNoneAsync(cluster.Cache, TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%A").Length == 0, () => string.Join(", ", SlurmCluster.Queue("%A %T")), seconds: 30);
        await RunAsync(0, () => { });
    }

    private async Task StartControllerBehindAsync(TimeSpan time)
    {
        await Task.Delay(time, TimeProvider.System, CancellationToken.None);
        cluster.Control("start-controller");
    }

    private static SlurmOptions Options => SlurmCluster.Options with { Maximum = 2, LongestPause = TimeSpan.FromSeconds(1), IdleTime = TimeSpan.FromSeconds(2) };

    private static async IAsyncEnumerable<int> StartInnerAsync(string folder)
    {
        await using Pool inner = Pool.Slurm(Options);
        var graph = new JobGraph(new JobGraphOptions { Folder = folder });
        FaultGraph.Define(graph);
        int ended = 0;
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using JobRun run = graph.Start(new RunOptions
        {
            Pool = inner,
            Events = each =>
            {
                if (each is JobEnded { Report.Job.Kind: JobKind.File } && ++ended == FaultGraph.Jobs / 3) third.TrySetResult();
            },
        });
        await third.Task;
        yield return Environment.ProcessId;
        await run.Completion;
    }

    private async Task RunAsync(int times, Action fault)
    {
        await using Pool pool = Pool.Slurm(Options);
        Assert.All(await FaultGraph.RunAsync(rig, pool, times, fault), machine => Assert.Matches(@"^n\d$", machine));
        await pool.DisposeAsync();
        Assert.Empty(SlurmCluster.Queue("%A %T"));
    }
}
