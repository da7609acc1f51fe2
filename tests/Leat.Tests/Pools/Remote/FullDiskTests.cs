using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Remote;

/// <summary>Streams on hosts over real ssh whose disks become full while there is work: no process can be started there any more.</summary>
[Collection(AloneCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private const int Most = 100_000;

    private readonly SmallDisk disk = new();
    private readonly SshServer small = new();
    private readonly SshServer large = new();

    public FullDiskTests() => small.Environment(disk.Environment);

    public void Dispose()
    {
        small.Dispose();
        large.Dispose();
        foreach (int id in RemoteProcesses.All(disk.Cache)) Children.Kill(id);
        disk.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_whose_disk_is_full_rests_and_another_one_does_the_rest()
    {
        var told = new List<string>();
        await using Pool pool = Pool(told);
        await SshPoolTests.RunAsync(pool, Most, (4, Break));
        (HostStats full, HostStats other) = (pool.Stats().Hosts[0], pool.Stats().Hosts[1]);
        Assert.Equal(("small", HostState.Up, ""), (full.Name, other.State, other.Fault));
        Assert.NotEqual(HostState.Up, full.State);
        Assert.Matches("^LEAT0220: A worker process could not be started on the host 'small': |^LEAT0205: The program's files can't be kept on the host 'small', in ", full.Fault);
        lock (told) Assert.Contains(told, text => text.StartsWith("The host 'small' is not used for now. LEAT0220: A worker process could not be started on the host 'small': LEAT0068: ", StringComparison.Ordinal));

        // It is tried again, and works when there is room.
        disk.MakeRoom();
        await SshPoolTests.RunAsync(pool, Most, (2, () => RemoteProcesses.Workers(large.Cache).ForEach(Children.Kill)));
        await Eventually.TrueAsync(() => pool.Stats().Hosts[0].State is HostState.Up or HostState.Idle, () => pool.Stats().Hosts[0].ToString(), seconds: 20);
    }

    [Fact(Timeout = 120_000)]
    public async Task With_the_disks_of_all_hosts_full_work_fails_once_and_says_of_each_why()
    {
        large.Environment(disk.Environment);
        var told = new List<string>();
        await using Pool pool = Pool(told);
        LeatException error = await Assert.ThrowsAnyAsync<LeatException>(async () => await SshPoolTests.RunAsync(pool, Most, (4, Break)));
        string text = error.ToString();
        Assert.Matches("LEAT0209: Of the pool's hosts 0 are there, and at least 1 must be \\(RemotePoolOptions.Minimum\\):\n- small: LEAT02(20|05): .*\n- large: LEAT02(20|05): ", text);

        // And the next run begins anew.
        disk.MakeRoom();
        await SshPoolTests.RunAsync(pool, 1_000);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_runs_on_a_host_where_nothing_more_can_be_started_goes_on_there()
    {
        using var folder = new TemporaryDirectory();
        string path = folder.Path;
        await using Pool pool = Leat.Pool.Ssh(small.Options, ("leat", 2));
        int killed = 0;
        Stage<int, int> slow = Stage.Map((int item) =>
        {
            File.AppendAllText(Path.Combine(path, $"{item}"), "x");
            Thread.Sleep(10);
            return Environment.ProcessId;
        }).On(pool).With(batch: 1);
        List<int> workers = [];
        await foreach (int worker in Enumerable.Range(0, 600) | slow)
        {
            workers.Add(worker);
            if (workers.Distinct().Count() < 2 || killed != 0) continue;
            disk.Fill();
            Children.Kill(killed = worker);
        }

        // The other one has done what was left, and nothing has failed.
        Assert.Equal(600, workers.Count);
        Assert.Equal(2, workers.Distinct().Count());
        Assert.Equal(600, Directory.GetFiles(path).Length);
        Assert.NotEqual("", pool.Stats().Hosts[0].Fault);
    }

    private void Break()
    {
        disk.Fill();
        RemoteProcesses.Workers(disk.Cache).ForEach(Children.Kill);
    }

    private Pool Pool(List<string> told)
    {
        string both = small["both"];
        File.WriteAllText(both, $"{small.ConfigOf("small")}\n{large.ConfigOf("large")}");
        RemotePoolOptions options = new()
        {
            SshArguments = ["-F", both],
            LongestPause = TimeSpan.FromSeconds(2),
            Output = output =>
            {
                lock (told) told.Add(output.Text);
            },
        };
        return Leat.Pool.Ssh(options, ("small", 1), ("large", 1));
    }
}
