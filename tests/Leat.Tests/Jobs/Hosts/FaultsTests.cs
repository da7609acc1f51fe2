using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>
/// A graph of 500 jobs, some with a process each and most in the one that has loaded something, on hosts over real ssh, and what may happen to hosts, the way to them, and the program meanwhile: the graph ends complete, each
/// output is whole and right, and each job has succeeded once.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class FaultsTests(SshServer server) : IClassFixture<SshServer>, IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task An_agent_that_is_killed() => await RunAsync(2, () => Children.Kill(server.Agents()[0]));

    [Fact(Timeout = 120_000)]
    public async Task A_worker_that_is_killed() => await RunAsync(4, () => Children.Kill(server.Workers()[0]));

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_is_lost_with_all_of_its_processes() => await RunAsync(2, () =>
    {
        int agent = server.Agents()[0];
        foreach (int id in Children.Of(agent).Prepend(agent)) Children.Kill(id);
    });

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_ends_and_starts_again() => await RunAsync(2, () =>
    {
        server.Stop();
        server.Start();
    });

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_is_frozen_and_thaws_when_it_was_given_up()
    {
        int[] frozen = [];
        await using Pool pool = Pool();
        await RunAsync(pool, 1, () =>
        {
            // The agent, and with it what it would say; its workers go on.
            frozen = [server.Agents()[0]];
            Children.Freeze(frozen[0]);
        });
        Children.Thaw(frozen[0]);
        await Eventually.TrueAsync(() => !server.Agents().Contains(frozen[0]), () => "The agent that was given up still runs.", seconds: 30);

        // Nothing that it still does changes what is there.
        FaultGraph.AssertComplete(rig);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_way_that_stands_still_brings_answers_that_are_too_late()
    {
        int[] links = [];
        await using Pool pool = Pool();
        await RunAsync(pool, 1, () =>
        {
            links = [RemoteProcesses.Links()[0]];
            Children.Freeze(links[0]);
        });
        Assert.Equal(0, pool.Stats().Refused);
        Children.Thaw(links[0]);
        await Eventually.TrueAsync(() => pool.Stats().Refused > 0, () => pool.Stats().ToString(), seconds: 20);
        FaultGraph.AssertComplete(rig);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_link_that_is_cut_for_five_seconds()
    {
        using var network = new NetworkNamespace();
        using var far = new SshServer(network);
        await using Pool pool = far.Pool();
        Task? mended = null;
        await RunAsync(pool, 1, () =>
        {
            network.Cut();
            mended = network.MendBehindAsync(TimeSpan.FromSeconds(5));
        });
        await mended!;
        Assert.Equal(("", 0L), (pool.Stats().Hosts[0].Fault, pool.Stats().Refused));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_link_that_is_cut_for_ever()
    {
        using var network = new NetworkNamespace();
        using var far = new SshServer(network);
        string both = far["both"];
        await File.WriteAllTextAsync(both, $"{far.ConfigOf("far")}\n{server.ConfigOf("near")}");
        RemotePoolOptions options = far.Options with { SshArguments = ["-F", both], GiveUpAfter = TimeSpan.FromSeconds(5) };
        await using Pool pool = Leat.Pool.Ssh(options, ("far", 1), ("near", 1));
        await RunAsync(pool, 1, network.Cut);
        Assert.NotEqual(HostState.Up, pool.Stats().Hosts[0].State);

        // Over there they may still be at work, for as long as the agent does not know.
        await RemoteProcesses.AssertNoneAsync(far.Cache, TimeSpan.FromSeconds(40));
        FaultGraph.AssertComplete(rig);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Files.Shared)]
    [InlineData(Files.Transfer)]
    public async Task A_host_whose_disk_is_full(Files files)
    {
        using var disk = new SmallDisk();
        using var small = new SshServer();
        small.Environment(disk.Environment);
        await using Pool pool = Both(small);
        await RunAsync(pool, 1, disk.Fill, files);
        HostStats host = pool.Stats().Hosts[0];
        Assert.Equal("small", host.Name);
        Assert.NotEqual(HostState.Up, host.State);
        Assert.Matches("^LEAT02(20|05|53): .* host 'small'", host.Fault);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(Files.Shared)]
    [InlineData(Files.Transfer)]
    public async Task All_hosts_with_full_disks_end_a_run_and_the_next_one_goes_on(Files files)
    {
        using var disk = new SmallDisk();
        using var small = new SshServer();
        small.Environment(disk.Environment);
        server.Environment(disk.Environment);
        try
        {
            await using Pool pool = Both(small);
            int ended = 0;
            LeatException error = await Assert.ThrowsAnyAsync<LeatException>(() => rig.RunAsync(FaultGraph.Define, (_, options) => options with
            {
                Pool = pool,
                Files = files,
                Events = each =>
                {
                    if (each is JobEnded { Report.Job.Kind: JobKind.File } && ++ended == FaultGraph.Jobs / 3) disk.Fill();
                },
            }));
            Assert.Matches("LEAT0209: Of the pool's hosts 0 are there, .*:\n- small: LEAT02(20|05|53): .*\n- near: LEAT02(20|05|53): ", error.ToString());
            disk.MakeRoom();
            await RunAsync(pool, 0, () => { }, files);
        }
        finally
        {
            server.Environment("");
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_program_that_is_killed_and_started_again()
    {
        (string folder, string[] arguments) = (rig.Folder, [.. server.Options.SshArguments]);
        await using (Pool outer = Leat.Pool.Processes(1))
        {
            // The worker of the outer pool plays the program.
            Stage<int, int> program = Stage.FlatMap<int, int>(_ => StartInnerAsync(folder, arguments)).On(outer);
            await using IAsyncEnumerator<int> results = (new[] { 0 } | program).GetAsyncEnumerator();
            Assert.True(await results.MoveNextAsync());
            Children.Kill(results.Current);
        }

        await RunAsync(0, () => { });
    }

    private static async IAsyncEnumerable<int> StartInnerAsync(string folder, string[] arguments)
    {
        await using Pool inner = Leat.Pool.Ssh(new RemotePoolOptions { SshArguments = arguments }, ("leat", 2), ("leat2", 2));
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

    private Pool Pool() => Leat.Pool.Ssh(server.Options with { GiveUpAfter = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromSeconds(1) }, ("leat", 2), ("leat2", 2));

    // Hosts of two servers: another one, and this class's.
    private Pool Both(SshServer other)
    {
        string both = other["both"];
        File.WriteAllText(both, $"{other.ConfigOf("small")}\n{server.ConfigOf("near")}");
        return Leat.Pool.Ssh(new RemotePoolOptions { SshArguments = ["-F", both], Output = _ => { }, LongestPause = TimeSpan.FromSeconds(1) }, ("small", 2), ("near", 1));
    }

    private async Task RunAsync(int times, Action fault)
    {
        await using Pool pool = Pool();
        await RunAsync(pool, times, fault);
    }

    private async Task RunAsync(Pool pool, int times, Action fault, Files files = Files.Shared)
    {
        string[] ran = await FaultGraph.RunAsync(rig, pool, times, fault, files);
        string[] hosts = [.. pool.Stats().Hosts.Select(host => host.Name)];
        Assert.All(ran, host => Assert.Contains(host, hosts));
    }
}
