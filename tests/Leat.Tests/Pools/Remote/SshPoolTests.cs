using System.Globalization;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Remote;

/// <summary>Streams on hosts over real ssh, and what may happen to hosts and the way to them meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class SshPoolTests(SshServer server) : IClassFixture<SshServer>
{
    private const int Most = 100_000;

    private static readonly TimeSpan EndOfAll = TimeSpan.FromSeconds(30);

    [Fact(Timeout = 60_000)]
    public async Task A_hundred_thousand_items_come_back_in_order_and_nothing_is_left()
    {
        await using (Pool pool = server.Pool())
        {
            await RunAsync(pool, Most);
            PoolStats stats = pool.Stats();
            HostStats host = Assert.Single(stats.Hosts);
            Assert.Equal(("leat", 2, HostState.Up, ""), (host.Name, host.Places, host.State, host.Fault));
            Assert.Equal((0, 0), (stats.Lost, stats.Refused));
        }

        await RemoteProcesses.AssertNoneAsync(server.Cache, TimeSpan.FromSeconds(15));
    }

    [Fact(Timeout = 60_000)]
    public async Task Large_items_go_both_ways()
    {
        await using Pool pool = server.Pool();
        byte[] large = new byte[8 << 20];
        new Random(1).NextBytes(large);
        Stage<byte[], byte[]> turn = Stage.Map((byte[] item) => item.Select(each => (byte)~each).ToArray()).On(pool);
        await foreach (byte[] result in Enumerable.Repeat(large, 6) | turn)
        {
            Assert.True(result.AsSpan().SequenceEqual(large.Select(each => (byte)~each).ToArray()));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_body_throws_and_writes_arrives_and_says_where_from()
    {
        var written = new TaskCompletionSource<WorkerOutput>();
        await using Pool pool = server.Pool(1, server.Options with { Output = output => { if (output.Text.Contains("here I am", StringComparison.Ordinal)) written.TrySetResult(output); } });
        Stage<int, int> stage = Stage.Map((int item) =>
        {
            Console.WriteLine("here I am");
            return item == 0 ? throw new InvalidOperationException("no") : item;
        }).On(pool);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (new[] { 0 } | stage).ToListAsync());
        Assert.Equal("no", Assert.IsType<InvalidOperationException>(error.InnerException).Message);
        Assert.Equal("leat", (await written.Task).Machine);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_item_that_ends_its_workers_fails_with_how_they_ended_and_where()
    {
        await using Pool pool = server.Pool(1);
        Stage<int, int> stage = Stage.Map((int item) =>
        {
            if (item == 3) Children.Kill(Environment.ProcessId);
            return item;
        }).On(pool).With(onError: OnError.Skip);
        var failed = new List<ItemFailure>();
        Assert.Equal([0, 1, 2, 4], await (Enumerable.Range(0, 5) | stage).ToListAsync());
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(3, 1) | stage.With(onError: OnError.Stop)).ToListAsync());
        Assert.Contains("signal 9 (SIGKILL", error.InnerException!.Message, StringComparison.Ordinal);
        Assert.Contains(" on leat)", error.InnerException.Message, StringComparison.Ordinal);
        Assert.Empty(failed);
    }

    [Fact(Timeout = 60_000)]
    public async Task Workers_that_are_killed_are_replaced()
    {
        await using Pool pool = server.Pool();
        await RunAsync(pool, Most, (6, Kill), (3, Kill), (2, Kill));
        Assert.True(pool.Stats().Lost >= 1, $"{pool.Stats()}");

        void Kill() => server.Workers().ForEach(Children.Kill);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_agent_that_is_killed_takes_its_workers_with_it_and_comes_again()
    {
        await using Pool pool = server.Pool();
        List<int> workers = [];
        await RunAsync(pool, Most, (4, () =>
        {
            workers = server.Workers();
            server.Agents().ForEach(Children.Kill);
        }
        ));
        Assert.NotEmpty(workers);
        Assert.Empty(workers.Intersect(server.Workers()));
        Assert.Equal(HostState.Up, pool.Stats().Hosts[0].State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_frozen_agent_is_given_up_and_ends_with_its_workers_when_it_thaws()
    {
        await using Pool pool = Pool.Ssh(server.Options with { GiveUpAfter = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromSeconds(1) }, ("leat", 1), ("leat2", 1));
        int[] frozen = [];
        await RunAsync(pool, Most, (4, () =>
        {
            frozen = [server.Agents().First()];
            Children.Freeze(frozen[0]);
        }
        ));
        Assert.Single(frozen);
        List<int> workers = [.. server.Workers().Where(worker => Children.ParentOf(worker) == frozen[0])];
        Assert.Single(workers);
        Children.Thaw(frozen[0]);
        await Eventually.TrueAsync(() => !RemoteProcesses.All(server.Cache).Intersect([frozen[0], workers[0]]).Any(), () => "The agent that was given up, or its worker, still runs.", seconds: 30);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_ends_and_starts_again_holds_a_run_up_and_no_more()
    {
        await using Pool pool = server.Pool(2, server.Options with { LongestPause = TimeSpan.FromSeconds(1) });
        await RunAsync(pool, Most, (4, () =>
        {
            server.Stop();
            server.Start();
        }
        ));
        Assert.Equal(HostState.Up, pool.Stats().Hosts[0].State);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_cannot_be_reached_is_told_and_the_others_do_its_work()
    {
        var told = new TaskCompletionSource<string>();
        await using Pool pool = Pool.Ssh(server.Options with { Output = output => told.TrySetResult(output.Text) }, ("127.0.0.1:1", 2), ("leat", 1));
        await RunAsync(pool, 1_000);
        Assert.Contains("LEAT0200: The host '127.0.0.1:1' can't be reached. It said:", await told.Task, StringComparison.Ordinal);
        Assert.Equal([HostState.Up, HostState.Resting], pool.Stats().Hosts.Select(host => host.State == HostState.Up ? HostState.Up : HostState.Resting).Order());
    }

    [Fact(Timeout = 60_000)]
    public async Task With_no_host_there_work_fails_and_says_of_each_why()
    {
        await using Pool pool = Pool.Ssh(server.Options with { ConnectTimeout = TimeSpan.FromSeconds(2) }, ("127.0.0.1:1", 2), ("127.0.0.1:2", 1));
        string message = await FaultAsync(pool);
        Assert.StartsWith("LEAT0209: Of the pool's hosts 0 are there, and at least 1 must be (RemotePoolOptions.Minimum):\n- 127.0.0.1:1: LEAT0200:", message, StringComparison.Ordinal);
        Assert.Contains("\n- 127.0.0.1:2: LEAT0200:", message, StringComparison.Ordinal);

        // And once more, which tries again.
        Assert.StartsWith("LEAT0209", await FaultAsync(pool), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_minimum_that_is_not_reached_fails_the_work()
    {
        await using Pool pool = Pool.Ssh(server.Options with { Minimum = 2, ConnectTimeout = TimeSpan.FromSeconds(2) }, ("127.0.0.1:1", 1), ("leat", 1));
        Stage<int, int> slow = Stage.Map((int item) =>
        {
            Thread.Sleep(100);
            return item;
        }).On(pool);
        LeatException error = await Assert.ThrowsAnyAsync<LeatException>(async () => await (Enumerable.Range(0, 200) | slow).ToListAsync());
        Assert.Contains("LEAT0209", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("- leat: It is there.", error.ToString(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("UserKnownHostsFile=/dev/null", "LEAT0202")]
    [InlineData("Port=1", "LEAT0200")]
    public async Task What_ssh_refuses_is_told_apart(string option, string code)
    {
        RemotePoolOptions options = server.Options with { SshArguments = [.. server.Options.SshArguments, "-o", option], ConnectTimeout = TimeSpan.FromSeconds(3) };
        await using Pool pool = server.Pool(1, options);
        string message = await FaultAsync(pool);
        Assert.Contains($"- leat: {code}: ", message, StringComparison.Ordinal);
        Assert.Contains("The command was: ssh -F ", message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_key_that_does_not_fit_is_refused_and_no_password_is_asked_for()
    {
        string other = server["other_config"];
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(server["config"])).Replace("user_key", "other_key", StringComparison.Ordinal));
        await using Pool pool = server.Pool(1, server.Options with { SshArguments = ["-F", other] });
        Assert.Contains("- leat: LEAT0201: The host 'leat' does not let you in. It said:\n", await FaultAsync(pool), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_comes_from_a_host_that_was_given_up_is_refused_and_counted()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Path;
        RemotePoolOptions options = server.Options with { GiveUpAfter = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromSeconds(1) };
        await using Pool pool = Pool.Ssh(options, ("leat", 1), ("leat2", 1));
        Stage<int, int> slow = Stage.Map((int item) =>
        {
            File.WriteAllText(Path.Combine(path, $"{item}-{Environment.ProcessId}"), "");
            Thread.Sleep(1_000);
            return item;
        }).On(pool);
        Task<List<int>> results = (Enumerable.Range(0, 2) | slow).ToListAsync().AsTask();
        await Eventually.TrueAsync(() => Directory.GetFiles(path).Length == 2, () => "The items did not start.", seconds: 30);

        // The far side goes on, and what it has computed stays on its way, until its item was done by another one.
        int link = RemoteProcesses.Links()[0];
        Children.Freeze(link);
        Assert.Equal([0, 1], await results);
        Assert.Equal((3, 0L), (Directory.GetFiles(path).Length, pool.Stats().Refused));
        Children.Thaw(link);
        await Eventually.TrueAsync(() => pool.Stats().Refused > 0, () => pool.Stats().ToString(), seconds: 20);
        await RunAsync(pool, 1_000);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_killed_link_is_made_anew()
    {
        await using Pool pool = server.Pool(2);
        await RunAsync(pool, Most, (4, () => RemoteProcesses.Links().ForEach(Children.Kill)));
        Assert.Equal(HostState.Up, pool.Stats().Hosts[0].State);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_left_anywhere_when_the_program_is_killed()
    {
        using var folder = new TemporaryDirectory();
        (string path, string[] arguments) = (folder.Path, [.. server.Options.SshArguments]);
        await using Pool outer = Pool.Processes(1);

        // The worker of the outer pool plays the program.
        await using IAsyncEnumerator<int> results = (new[] { 0 } | Stage.FlatMap<int, int>(_ => StartInnerAsync(path, arguments)).On(outer)).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(2, server.Workers().Count);
        Children.Kill(results.Current);
        await RemoteProcesses.AssertNoneAsync(server.Cache, EndOfAll);
    }

    internal static async IAsyncEnumerable<int> StartInnerAsync(string path, string[] arguments)
    {
        await using Pool inner = Pool.Ssh(new RemotePoolOptions { SshArguments = arguments }, ("leat", 2));
        Stage<int, int> hang = Stage.Map((int item) =>
        {
            File.WriteAllText(Path.Combine(path, $"{item}"), "");
            Thread.Sleep(Timeout.Infinite);
            return item;
        }).On(inner);
        Task<List<int>> run = (Enumerable.Range(0, 2) | hang).ToListAsync().AsTask();
        await Eventually.TrueAsync(() => Directory.GetFiles(path).Length == 2, () => "The items did not start.", seconds: 30);
        yield return Environment.ProcessId;
        await run;
    }

    [Fact(Timeout = 60_000)]
    public async Task Local_processes_and_hosts_are_one_pool_together()
    {
        Pool local = Pool.Processes(1);
        await using Pool pool = Pool.Combine(local, server.Pool(1));
        Assert.Equal(2, pool.Size);
        Stage<int, int> where = Stage.Map((int item) =>
        {
            Thread.Sleep(20);
            return Environment.ProcessId;
        }).On(pool);
        HashSet<int> workers = [.. await (Enumerable.Range(0, 200) | where).ToListAsync()];
        Assert.Equal(2, workers.Count);
        Assert.Single(workers.Intersect(server.Workers()));
        await RunAsync(pool, 10_000);
        Assert.Contains("LEAT0217", (await Assert.ThrowsAnyAsync<Exception>(async () => await (Enumerable.Range(0, 2) | Stage.Map((int item) => item).On(local)).ToListAsync())).ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_of_a_pool_listens_on_the_network()
    {
        await using Pool pool = server.Pool();
        await RunAsync(pool, 1_000);
        foreach (int id in RemoteProcesses.All(server.Cache)) Assert.Equal(0, Listening(id));
    }

    private static int Listening(int id)
    {
        HashSet<string> own =
        [
            .. new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/fd")).EnumerateFiles()
                .Select(file => file.LinkTarget ?? "").Where(link => link.StartsWith("socket:[", StringComparison.Ordinal)).Select(link => link[8..^1]),
        ];
        const string listens = "0A";
        return ((string[])["tcp", "tcp6", "udp", "udp6"]).SelectMany(kind => File.ReadLines($"/proc/net/{kind}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(line => own.Contains(line[9]) && (line[3] == listens || line[2].EndsWith(":0000", StringComparison.Ordinal)));
    }

    internal static async Task<string> FaultAsync(Pool pool)
    {
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await (Enumerable.Range(0, 3) | Stage.Map((int item) => item).On(pool)).ToListAsync());
        return error.InnerException!.Message;
    }

    // Something happens each time that a part of the results has come: a sixth, a third...
    internal static async Task RunAsync(Pool pool, int items, params (int Part, Action Act)[] faults)
    {
        int count = 0;
        await foreach (int result in Enumerable.Range(0, items) | Stage.Map((int item) => Spin(item) * 2).On(pool))
        {
            Assert.Equal(2 * count++, result);
            foreach ((int part, Action act) in faults)
            {
                if (count == items / part) act();
            }
        }

        Assert.Equal(items, count);
    }

    private static int Spin(int item)
    {
        Thread.SpinWait(200);
        return item;
    }
}
