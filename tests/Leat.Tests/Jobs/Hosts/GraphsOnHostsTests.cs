using System.Globalization;
using Leat.Storage;
using Leat.Tests.Jobs.Execution;
using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>Graphs on hosts over real ssh do what they do on processes of this machine.</summary>
[Collection(AloneCollection.Name)]
public sealed class GraphsOnHostsTests(SshServer server) : IClassFixture<SshServer>, IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Every_kind_of_job_runs_on_hosts_and_says_where()
    {
        rig.Write("in.txt", "3");
        await using Pool pool = Pool.Ssh(server.Options, ("leat", 2), ("leat2", 2));

        RunReport report = await RunAsync(Define, pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal("3 4 12 from a host", rig.Read("all.txt"));
        Assert.False(rig.Exists("temp.txt"));
        foreach (JobReport job in report.Jobs.Where(job => job.Job.Kind is JobKind.File or JobKind.Files or JobKind.Command or JobKind.Cached)) Assert.Contains(job.Machine, (string[])["leat", "leat2"]);
        LedgerRecord record = (await rig.Graph().HistoryAsync(new JobId("all.txt"), TestContext.Current.CancellationToken))[0];
        Assert.Equal(Of(report, "all.txt").Machine, record.Machine);

        // Where a job has run makes nothing out of date.
        report = await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);

        static void Define(JobGraph graph)
        {
            InputFileJob input = graph.InputFile("in.txt");
            FileJob temporary = graph.TempFile("temp.txt", path => File.WriteAllText(path, File.ReadAllText(input.Path))).DependsOn(input);
            CachedJob<int> cached = graph.Cached("cached", () => 4);
            LoadJob<int> load = graph.Load("load", () => cached.Value * 3).DependsOn(cached);
            FilesJob pair = graph.Files("pair", [("a", "a.txt"), ("b", "b.txt")], paths =>
            {
                File.WriteAllText(paths["a"], File.ReadAllText(temporary.Path));
                File.WriteAllText(paths["b"], cached.Value.ToString(CultureInfo.InvariantCulture));
            }).DependsOn(temporary, cached);
            FileJob loaded = graph.File("loaded.txt", path => File.WriteAllText(path, load.Value.ToString(CultureInfo.InvariantCulture))).DependsOn(load);
            CommandJob command = graph.Command("command.txt", _ => new CommandLine("sh", "-c", "test -n \"$SSH_CONNECTION\" && printf 'from a host'"), standardOutput: true);
            graph.File("all.txt", path => File.WriteAllText(path, $"{File.ReadAllText(pair["a"].Path)} {File.ReadAllText(pair["b"].Path)} {File.ReadAllText(loaded.Path)} {File.ReadAllText(command.Path)}")).DependsOn(pair, loaded, command);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_loaded_is_loaded_once_on_each_machine_that_needs_it()
    {
        (string loads, string meeting) = (rig["loads"], rig["meeting"]);
        await using Pool pool = Pool.Combine(Pool.Processes(1), Pool.Ssh(server.Options, ("leat", 2), ("leat2", 2)));

        RunReport report = await RunAsync(
            graph =>
            {
                LoadJob<string> load = graph.Load("load", () =>
                {
                    Meeting.Of(loads, 1);
                    return Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
                });
                for (int i = 0; i < 20; i++)
                {
                    graph.File($"{i}.txt", path =>
                    {
                        Meeting.Of(meeting, 5);
                        File.WriteAllText(path, load.Value);
                    }).DependsOn(load);
                }
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal(3, Meeting.Count(loads));
        Assert.Equal(3, Enumerable.Range(0, 20).Select(i => rig.Read($"{i}.txt")).Distinct().Count());
        Assert.Equal(((string[])[Environment.MachineName, "leat", "leat2"]).Order(StringComparer.Ordinal), report.Jobs.Where(job => job.Job.Kind == JobKind.File).Select(job => job.Machine).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Too_much_memory_ends_a_job_where_it_runs_and_what_it_has_started()
    {
        await using Pool pool = server.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                graph.File("greedy.txt", path =>
                {
                    byte[] much = new byte[600 << 20];
                    Array.Fill(much, (byte)1);
                    Thread.Sleep(Timeout.Infinite);
                    File.WriteAllBytes(path, much);
                }, new JobOptions { Resources = new Resources { Memory = 300 << 20 } });
                graph.File("modest.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Memory = 300 << 20 } });
            },
            pool);

        Assert.StartsWith("LEAT0152: The action of 'greedy.txt' had ", Of(report, "greedy.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Equal(JobOutcome.Succeeded, Of(report, "modest.txt").Outcome);
        Assert.Empty(server.Workers());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_goes_to_a_machine_that_has_the_cores_and_one_that_none_has_fails_alone()
    {
        await using Pool pool = Pool.Ssh(server.Options, ("leat", 1), ("leat2", 3));

        RunReport report = await RunAsync(
            graph =>
            {
                foreach (int cores in (int[])[1, 3, 4]) graph.File($"{cores}.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Cores = cores } });
                graph.File("all.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Cores = Cores.All } });
            },
            pool);

        Assert.Equal("leat2", Of(report, "3.txt").Machine);
        Assert.StartsWith("LEAT0181: '4.txt' asks for 4 cores, and no machine of the pool has more than 3 cores", Of(report, "4.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Equal((JobOutcome.Succeeded, JobOutcome.Succeeded), (Of(report, "1.txt").Outcome, Of(report, "all.txt").Outcome));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_command_that_fails_on_a_host_says_how_and_what_it_wrote()
    {
        await using Pool pool = server.Pool(1);

        RunReport report = await RunAsync(graph => graph.Command("x.txt", path => new CommandLine("sh", "-c", "echo to the log; echo no luck >&2; exit 3", path)), pool);

        JobReport job = Of(report, "x.txt");
        Assert.StartsWith("LEAT0151: The program of 'x.txt' ended with exit code 3.", job.Error?.Message, StringComparison.Ordinal);
        Assert.Contains("no luck", job.Error?.Message, StringComparison.Ordinal);
        string log = await File.ReadAllTextAsync(job.Log!, TestContext.Current.CancellationToken);
        Assert.Contains("to the log\n", log, StringComparison.Ordinal);
        Assert.Contains("no luck\n", log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_timeout_and_a_crash_on_a_host_end_that_job_alone()
    {
        await using Pool pool = server.Pool(2);

        RunReport report = await RunAsync(
            graph =>
            {
                graph.File("late.txt", _ => Thread.Sleep(Timeout.Infinite), new JobOptions { Timeout = TimeSpan.FromMilliseconds(500) });
                graph.File("exit.txt", _ => Environment.Exit(3));
                graph.File("killed.txt", _ => Children.Kill(Environment.ProcessId));
                graph.File("good.txt", path => File.WriteAllText(path, "x"));
            },
            pool);

        Assert.IsType<TimeoutException>(Of(report, "late.txt").Error);
        Assert.Matches("^LEAT0154: The process in which the action of 'exit.txt' ran .*\\(exit code 3 on leat\\)", Of(report, "exit.txt").Error!.Message);
        Assert.Matches("^LEAT0251: 'killed.txt' was lost with its worker three times in a row.*LEAT0154.*signal 9", Of(report, "killed.txt").Error!.Message);
        Assert.Equal((1, 3), (Of(report, "exit.txt").Attempts, Of(report, "killed.txt").Attempts));
        Assert.Equal(JobOutcome.Succeeded, Of(report, "good.txt").Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task With_no_host_there_a_run_ends_and_says_of_each_why()
    {
        await using Pool pool = Pool.Ssh(server.Options with { ConnectTimeout = TimeSpan.FromSeconds(2) }, ("127.0.0.1:1", 1), ("127.0.0.1:2", 1));

        LeatException error = await Assert.ThrowsAsync<LeatException>(() => RunAsync(graph => graph.File("x.txt", path => File.WriteAllText(path, "x")), pool));

        Assert.StartsWith("LEAT0209", error.Message, StringComparison.Ordinal);
    }

    private static JobReport Of(RunReport report, string id) => report.Jobs.Single(job => job.Job.Id.Text == id);

    private Task<RunReport> RunAsync(Action<JobGraph> define, Pool pool) => rig.RunAsync(define, (_, options) => options with { Pool = pool });
}
