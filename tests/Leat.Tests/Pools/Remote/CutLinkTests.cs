using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Pools.Remote;

/// <summary>Hosts behind a link that is cut: real ssh through a network namespace.</summary>
[Collection(AloneCollection.Name)]
public sealed class CutLinkTests : IDisposable
{
    private const int Most = 100_000;

    // An agent that hears nothing ends after 30 s, and its workers with it.
    private static readonly TimeSpan EndOfAll = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    private readonly NetworkNamespace network = new();
    private readonly SshServer far;

    public CutLinkTests() => far = new SshServer(network);

    public void Dispose()
    {
        far.Dispose();
        network.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_link_that_is_cut_for_five_seconds_holds_a_stream_up_and_costs_nothing()
    {
        await using Pool pool = far.Pool();
        Task? mended = null;
        await SshPoolTests.RunAsync(pool, Most, (4, () =>
        {
            network.Cut();
            mended = network.MendBehindAsync(Short);
        }
        ));
        await mended!;
        PoolStats stats = pool.Stats();
        Assert.Equal((HostState.Up, "", 0, 0), (stats.Hosts[0].State, stats.Hosts[0].Fault, stats.Lost, stats.Refused));
    }

    [Fact(Timeout = 120_000)]
    public async Task Behind_a_link_that_is_cut_for_ever_others_do_the_work_and_nothing_is_left()
    {
        using var near = new SshServer();
        string both = far["both"];
        await File.WriteAllTextAsync(both, $"{far.ConfigOf("far")}\n{near.ConfigOf("near")}");
        RemotePoolOptions options = far.Options with { SshArguments = ["-F", both], GiveUpAfter = Short };
        await using (Pool pool = Pool.Ssh(options, ("far", 1), ("near", 1)))
        {
            await SshPoolTests.RunAsync(pool, Most, (4, network.Cut));
            HostStats host = pool.Stats().Hosts[0];
            Assert.Equal("far", host.Name);
            Assert.NotEqual(HostState.Up, host.State);
            // How it was lost, or how the connection that was tried since then failed.
            Assert.Matches("^It was lost: nothing was heard of it for 5 s|LEAT0200|LEAT0209", host.Fault);
        }

        await RemoteProcesses.AssertNoneAsync(far.Cache, EndOfAll);
        await RemoteProcesses.AssertNoneAsync(near.Cache, TimeSpan.FromSeconds(15));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_is_back_after_it_was_given_up_works_again()
    {
        await using Pool pool = far.Pool(2, far.Options with { GiveUpAfter = Short, LongestPause = TimeSpan.FromSeconds(1) });
        Task? mended = null;
        await SshPoolTests.RunAsync(pool, Most, (4, () =>
        {
            network.Cut();
            mended = MendLateAsync(pool);
        }
        ));
        await mended!;
        Assert.Equal(HostState.Up, pool.Stats().Hosts[0].State);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_attempt_that_nobody_answers_does_not_keep_others_waiting_when_the_way_is_back()
    {
        await using Pool pool = far.Pool(2, far.Options with { GiveUpAfter = Short, LongestPause = TimeSpan.FromSeconds(1) });
        Task<TimeSpan>? back = null;
        await SshPoolTests.RunAsync(pool, Most, (4, () =>
        {
            network.Mute();
            back = UnmuteLateAsync(pool);
        }
        ));

        // The system would try again 15 s later only, and the first attempt would have 30 s for that.
        Assert.True(await back! < TimeSpan.FromSeconds(10), $"It took {await back}.");
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_is_left_when_the_program_is_killed_behind_a_cut_link()
    {
        using var folder = new TemporaryDirectory();
        (string path, string[] arguments) = (folder.Path, [.. far.Options.SshArguments]);
        await using Pool outer = Pool.Processes(1);
        await using IAsyncEnumerator<int> results = (new[] { 0 } | Stage.FlatMap<int, int>(_ => SshPoolTests.StartInnerAsync(path, arguments)).On(outer)).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Assert.Equal(2, far.Workers().Count);
        network.Cut();
        Children.Kill(results.Current);
        await RemoteProcesses.AssertNoneAsync(far.Cache, EndOfAll);
    }

    private async Task<TimeSpan> UnmuteLateAsync(Pool pool)
    {
        await Eventually.TrueAsync(() => pool.Stats().Hosts[0].State == HostState.Connecting, () => "The host is not tried again.", seconds: 30);
        await Task.Delay(TimeSpan.FromSeconds(17), TimeProvider.System);
        network.Unmute();
        long start = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(() => pool.Stats().Hosts[0].State == HostState.Up, () => pool.Stats().Hosts[0].ToString(), seconds: 60);
        return TimeProvider.System.GetElapsedTime(start);
    }

    private async Task MendLateAsync(Pool pool)
    {
        await Eventually.TrueAsync(() => pool.Stats().Hosts[0].State != HostState.Up, () => "The host is not given up.", seconds: 30);
        network.Mend();
    }
}
