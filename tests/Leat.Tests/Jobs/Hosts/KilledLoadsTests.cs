using Leat.Tests.Jobs.Execution;
using Leat.Tests.Pools;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>What ends the process of a host that loads, or has loaded, and whose fault that is.</summary>
[Collection(AloneCollection.Name)]
public sealed class KilledLoadsTests : IAsyncDisposable
{
    private readonly JobRig rig = new();
    private readonly Pool pool = Pool.Command("env {worker}", 2, new RemotePoolOptions { Output = _ => { } });

    public async ValueTask DisposeAsync()
    {
        await pool.DisposeAsync();
        rig.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_process_that_somebody_kills_while_it_loads_costs_nothing()
    {
        string loads = rig["loads"];
        RunReport report = await RunAsync(graph =>
        {
            LoadJob<string> load = graph.Load("load", () =>
            {
                Meeting.Of(loads, 1);
                if (Meeting.Count(loads) < 3) Children.Kill(Environment.ProcessId);
                return "loaded";
            });
            for (int i = 0; i < 4; i++) graph.File($"{i}.txt", path => File.WriteAllText(path, load.Value)).DependsOn(load);
        });
        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal(3, Meeting.Count(loads));
        Assert.All(report.Jobs.Where(job => job.Job.Kind == JobKind.File), job => Assert.Equal(1, job.Attempts));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_load_that_loses_its_process_each_time_fails_and_says_how()
    {
        RunReport report = await RunAsync(graph =>
        {
            LoadJob<string> load = graph.Load("load", () =>
            {
                Children.Kill(Environment.ProcessId);
                return "loaded";
            });
            graph.File("x.txt", path => File.WriteAllText(path, load.Value)).DependsOn(load);
        });
        Assert.Matches("^LEAT0153: 'load' could not be loaded: LEAT0154: .*signal 9", Of(report, "x.txt").Error!.Message);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_the_system_ends_for_its_memory_has_not_been_killed_by_somebody(bool isLoad)
    {
        using var group = new MemoryGroup(200 << 20);
        (string members, string runs) = (group.Members, rig["runs"]);
        RunReport report = await RunAsync(graph =>
        {
            LoadJob<string> load = graph.Load("load", () =>
            {
                if (isLoad) Exceed(members, runs);
                return "loaded";
            });
            graph.File("x.txt", path =>
            {
                if (!isLoad) Exceed(members, runs);
                File.WriteAllText(path, load.Value);
            }).DependsOn(load);
        });
        string error = Of(report, "x.txt").Error!.Message;
        Assert.Matches(isLoad ? "^LEAT0153: 'load' could not be loaded: LEAT0155: The process " : "^LEAT0155: The process in which the action of 'x.txt' ran was ended because there was no more memory", error);
        Assert.Equal((1, 1), (Of(report, "x.txt").Attempts, Meeting.Count(runs)));
    }

    private static void Exceed(string members, string runs)
    {
        Meeting.Of(runs, 1);
        MemoryGroup.Exceed(members);
    }

    private static JobReport Of(RunReport report, string id) => report.Jobs.Single(job => job.Job.Id.Text == id);

    private Task<RunReport> RunAsync(Action<JobGraph> define) => rig.RunAsync(define, (_, options) => options with { Pool = pool });
}
