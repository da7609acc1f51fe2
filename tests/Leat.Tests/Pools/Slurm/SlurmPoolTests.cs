using System.Collections.Concurrent;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Slurm;

/// <summary>Streams in allocations of a real Slurm, and what may happen to these meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class SlurmPoolTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>
{
    private const int Most = 100_000;

    [Fact(Timeout = 60_000)]
    public async Task A_hundred_thousand_items_come_back_in_order_and_no_job_is_left()
    {
        await using (Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2 }))
        {
            await SshPoolTests.RunAsync(pool, Most);
            HostStats host = Assert.Single(pool.Stats().Hosts);
            Assert.Equal((2, HostState.Up, ""), (host.Places, host.State, host.Fault));
            Assert.Matches(@"^n\d \(job \d+\)$", host.Name);
            Assert.Single(SlurmCluster.Queue("%A"));
        }

        Assert.Empty(SlurmCluster.Queue("%A %T"));
        await RemoteProcesses.AssertNoneAsync(cluster.Cache, TimeSpan.FromSeconds(15));
    }

    [Fact(Timeout = 60_000)]
    public async Task Agents_and_workers_that_are_killed_are_replaced()
    {
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2 });
        await SshPoolTests.RunAsync(pool, Most, (6, () => cluster.Workers().ForEach(Children.Kill)), (2, () => cluster.Agents().ForEach(Children.Kill)));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_allocation_that_is_cancelled_is_told_apart_and_replaced()
    {
        var told = new ConcurrentQueue<string>();
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2, Output = output => told.Enqueue(output.Text) });
        await SshPoolTests.RunAsync(pool, Most, (3, () => SlurmCluster.Run("scancel", SlurmCluster.Queue("%A"))));
        await Eventually.TrueAsync(() => told.Any(text => text.EndsWith(" was lost: it was cancelled, by scancel or an administrator.\n", StringComparison.Ordinal)), () => string.Concat(told), seconds: 10);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_allocation_that_is_preempted_is_told_apart_and_replaced()
    {
        var told = new ConcurrentQueue<string>();
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2, Output = output => told.Enqueue(output.Text) });
        await SshPoolTests.RunAsync(pool, Most, (3, () => SlurmCluster.Run("srun", "-N2", "--partition=urgent", "--cpus-per-task=2", "--exclusive", "true")));
        await Eventually.TrueAsync(() => told.Any(text => text.EndsWith(" was lost: it was preempted by another job.\n", StringComparison.Ordinal)), () => string.Concat(told), seconds: 10);
    }

    [Fact(Timeout = 90_000)]
    public async Task A_node_that_is_lost_costs_time_and_nothing_else()
    {
        string lost = "";
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2 });
        await SshPoolTests.RunAsync(pool, Most, (3, () =>
        {
            lost = SlurmCluster.Queue("%N")[0];
            cluster.Control("kill-node", lost);
        }
        ));
        cluster.Control("start-node", lost);
        Assert.NotEmpty(lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_controller_that_ends_and_starts_again_is_not_noticed()
    {
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Workers = 2 });
        await SshPoolTests.RunAsync(pool, Most, (6, () => cluster.Control("stop-controller")), (2, () => cluster.Control("start-controller")));
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_controller_that_is_not_there_is_waited_for()
    {
        var told = new TaskCompletionSource<string>();
        cluster.Control("stop-controller");
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Output = output => told.TrySetResult(output.Text) });
        Task run = SshPoolTests.RunAsync(pool, 1_000);
        string text;
        try
        {
            text = await told.Task;
        }
        finally
        {
            cluster.Control("start-controller");
        }

        Assert.StartsWith("LEAT0231: ", text, StringComparison.Ordinal);
        await run;
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--partition=nowhere", "LEAT0230: Slurm refuses what the pool asks for. srun said:\n")]
    [InlineData("--mem=999G", "LEAT0230: Slurm refuses what the pool asks for. srun said:\n")]
    [InlineData("--partition=short --time=60", "LEAT0233: Slurm would let allocation 1 wait for ever: 'PartitionTimeLimit'.")]
    public async Task What_Slurm_will_not_give_fails_the_work(string words, string start)
    {
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Extra = words.Split(' ') });
        Assert.StartsWith(start, await SshPoolTests.FaultAsync(pool), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Waiting_in_the_queue_is_told_and_shown_and_ends_when_there_is_room()
    {
        var told = new TaskCompletionSource<string>();
        using var other = System.Diagnostics.Process.Start("srun", ["-N2", "-n2", "--cpus-per-task=2", "sleep", "60"]);
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%T") is ["RUNNING"], () => "The other job does not run.", seconds: 20);
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { ConnectTimeout = TimeSpan.FromSeconds(1), Output = output => told.TrySetResult(output.Text) });
        Task run = SshPoolTests.RunAsync(pool, 1_000);
        Assert.Equal("Slurm lets what the pool asks for wait: Resources.\n", await told.Task);
        HostStats host = Assert.Single(pool.Stats().Hosts);
        Assert.Equal((HostState.Queued, "It waits in Slurm's queue: Resources."), (host.State, host.Fault));
        SlurmCluster.Run("scancel", "--name=sleep");
        await run;
    }

    [Fact(Timeout = 60_000)]
    public async Task It_grows_with_demand_and_gives_back_what_is_idle()
    {
        await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Maximum = 2, IdleTime = TimeSpan.FromSeconds(1) });
        using var folder = new TemporaryDirectory();
        string path = folder.Path;
        Stage<int, int> both = Stage.Map((int item) =>
        {
            File.WriteAllText(Path.Combine(path, $"{item}"), "");
            while (Directory.GetFiles(path).Length < 2) Thread.Sleep(10);
            return item;
        }).On(pool);

        // Each waits for the other, so there must be two at work.
        Assert.Equal([0, 1], await (Enumerable.Range(0, 2) | both).ToListAsync());
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%A").Length == 0, () => string.Join(", ", pool.Stats().Hosts), seconds: 20);
        Assert.Equal((0, 0), (pool.Stats().Lost, pool.Stats().Hosts.Count));
        await SshPoolTests.RunAsync(pool, 1_000);
    }

    [Fact(Timeout = 90_000)]
    public async Task Before_its_time_is_over_an_allocation_gets_no_new_work()
    {
        var told = new ConcurrentQueue<string>();
        SlurmOptions options = SlurmCluster.Options with { StatusPeriod = TimeSpan.FromSeconds(1), Time = TimeSpan.FromMinutes(1), Output = output => told.Enqueue(output.Text) };
        await using Pool pool = Pool.Slurm(options);
        Stage<int, int> slow = Stage.Map((int item) =>
        {
            Thread.Sleep(250);
            return item;
        }).On(pool);
        string[] first = [];
        int count = 0;
        await foreach (int result in Enumerable.Range(0, 80) | slow)
        {
            Assert.Equal(count++, result);
            if (count != 1) continue;
            first = SlurmCluster.Queue("%A");
            string end = TimeProvider.System.GetLocalNow().AddSeconds(22).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            SlurmCluster.Run("scontrol", "update", $"JobId={Assert.Single(first)}", $"EndTime={end}");
        }

        Assert.Equal(80, count);
        Assert.Empty(told);
        Assert.DoesNotContain(first[0], SlurmCluster.Queue("%A"));
        Assert.Equal(0, pool.Stats().Lost);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_anywhere_when_the_program_is_killed()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Path;
        await using Pool outer = Pool.Processes(1);

        // The worker of the outer pool plays the program.
        await using IAsyncEnumerator<int> results = (new[] { 0 } | Stage.FlatMap<int, int>(_ => StartInnerAsync(path)).On(outer)).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Assert.NotEmpty(cluster.Workers());
        Assert.NotEmpty(SlurmCluster.Queue("%A"));
        Children.Kill(results.Current);
        await RemoteProcesses.AssertNoneAsync(cluster.Cache, TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%A").Length == 0, () => string.Join(", ", SlurmCluster.Queue("%A %T")), seconds: 30);
    }

    // More than there is room for: one allocation runs, the other waits.
    private static async IAsyncEnumerable<int> StartInnerAsync(string path)
    {
        await using Pool inner = Pool.Slurm(new SlurmOptions { Maximum = 2, Cores = 2, Extra = ["--nodelist=n1"] });
        Stage<int, int> hang = Stage.Map((int item) =>
        {
            File.WriteAllText(Path.Combine(path, $"{item}"), "");
            Thread.Sleep(Timeout.Infinite);
            return item;
        }).On(inner);
        Task<List<int>> run = (Enumerable.Range(0, 2) | hang).ToListAsync().AsTask();
        await Eventually.TrueAsync(() => Directory.GetFiles(path).Length == 1 && inner.Stats().Hosts.Any(host => host.State == HostState.Queued), () => "The items did not start.", seconds: 30);
        yield return Environment.ProcessId;
        await run;
    }
}
