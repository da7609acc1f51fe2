using System.Globalization;
using System.Runtime.Versioning;
using Leat.Storage;
using Leat.Tests.Jobs.Execution;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Pools.Slurm;
using Leat.Tests.Streams;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>Graphs on a real Slurm do what they do on processes of this machine, each job with what it asks for.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class GraphsOnSlurmTests(SlurmCluster cluster) : IClassFixture<SlurmCluster>, IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Every_kind_of_job_runs_in_allocations_and_says_on_which_node()
    {
        rig.Write("in.txt", "3");
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(rig, Define, pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Matches(@"^3 4 12 job \d+$", rig.Read("all.txt"));
        Assert.False(rig.Exists("temp.txt"));
        foreach (JobReport job in report.Jobs.Where(job => job.Job.Kind is JobKind.File or JobKind.Files or JobKind.Command or JobKind.Cached)) Assert.Contains(job.Machine, (string[])["n1", "n2"]);
        LedgerRecord record = (await rig.Graph().HistoryAsync(new JobId("all.txt"), TestContext.Current.CancellationToken))[0];
        Assert.Equal(OnSlurm.Of(report, "all.txt").Machine, record.Machine);
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
            CommandJob command = graph.Command("command.txt", _ => new CommandLine("sh", "-c", "printf 'job %s' $SLURM_JOB_ID"), standardOutput: true);
            graph.File("all.txt", path => File.WriteAllText(path, $"{File.ReadAllText(pair["a"].Path)} {File.ReadAllText(pair["b"].Path)} {File.ReadAllText(loaded.Path)} {File.ReadAllText(command.Path)}")).DependsOn(pair, loaded, command);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Each_job_has_an_allocation_of_what_it_asks_for()
    {
        // What a job asks for, and what Slurm says of its allocation then.
        (string Name, Resources Resources, string Cores, string Memory, string Time, string IsShared)[] shapes =
        [
            ("plain", new Resources(), "1", "300M", "00:10:00", "OK"),
            ("cores", new Resources { Cores = 2 }, "2", "300M", "00:10:00", "OK"),
            ("memory", new Resources { Memory = 500 * OnSlurm.MiB }, "1", "500M", "00:10:00", "OK"),
            ("time", new Resources { WallTime = TimeSpan.FromSeconds(70) }, "1", "300M", "00:02:00", "OK"),
            ("all", new Resources { Cores = 2, Memory = (400 * OnSlurm.MiB) + 1, WallTime = TimeSpan.FromMinutes(3) }, "2", "401M", "00:03:00", "OK"),
            ("alone", new Resources { Exclusive = true }, "1", "300M", "00:10:00", "NO"),
            ("whole", new Resources { Cores = Cores.All }, "", "300M", "00:10:00", "NO"),
        ];
        await using Pool pool = Pool.Slurm(OnSlurm.Two with { Time = TimeSpan.FromMinutes(10) });

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph =>
            {
                foreach ((string name, Resources resources, _, _, _, _) in shapes)
                {
                    for (int i = 0; i < 4; i++) graph.File($"{name}{i}.txt", OnSlurm.Describe, new JobOptions { Resources = resources });
                    graph.Command($"{name}.txt", _ => new CommandLine("sh", "-c", "echo $SLURM_CPUS_PER_TASK; scontrol show job --oneliner $SLURM_JOB_ID"), standardOutput: true, options: new JobOptions { Resources = resources });
                }
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        foreach ((string name, Resources resources, string cores, string memory, string time, string isShared) in shapes)
        {
            string[] all = [.. ((string[])["0", "1", "2", "3", ""]).Select(i => rig.Read($"{name}{i}.txt"))];
            foreach (string text in all)
            {
                Assert.StartsWith($"{cores}\n", text, StringComparison.Ordinal);
                Assert.Contains($" MinMemoryNode={memory} ", text, StringComparison.Ordinal);
                Assert.Contains($" TimeLimit={time} ", text, StringComparison.Ordinal);
                Assert.Contains($" OverSubscribe={isShared} ", text, StringComparison.Ordinal);
                if (resources.TakesWhole) Assert.Contains(" NumCPUs=2 ", text, StringComparison.Ordinal);
            }

            // Who has a time of its own has all of it.
            if (resources.WallTime is not null) Assert.Equal(all.Length, all.Select(text => text.Split('\n')[1].Split(' ')[0]).Distinct().Count());
        }

        await pool.DisposeAsync();
        Assert.Empty(SlurmCluster.Queue("%A %T"));
        await RemoteProcesses.AssertNoneAsync(cluster.Cache, TimeSpan.FromSeconds(15));
    }

    [Fact(Timeout = 60_000)]
    public async Task Jobs_have_the_GPUs_that_Slurm_gives_them()
    {
        string meeting = rig["meeting"];
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph =>
            {
                for (int i = 0; i < 2; i++)
                {
                    graph.File($"{i}.txt", path =>
                    {
                        Meeting.Of(meeting, 2);
                        File.WriteAllText(path, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES"));
                    }, new JobOptions { Resources = new Resources { Gpus = 1 } });
                }
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal(["0", "1"], ((string[])[rig.Read("0.txt"), rig.Read("1.txt")]).Order(StringComparer.Ordinal));
        Assert.Equal(("n2", "n2"), (OnSlurm.Of(report, "0.txt").Machine, OnSlurm.Of(report, "1.txt").Machine));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_Slurm_refuses_fails_those_jobs_alone_and_is_not_tried_again()
    {
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph =>
            {
                FileJob huge = graph.File("huge.txt", path => File.WriteAllText(path, "x"), new JobOptions { Retries = 3, Resources = new Resources { Memory = 999_999 * OnSlurm.MiB } });
                graph.File("behind.txt", path => File.WriteAllText(path, "x")).DependsOn(huge);
                graph.File("gpu.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Gpus = 3 } });
                graph.File("good.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Cores = 2 } });
                graph.File("plain.txt", path => File.WriteAllText(path, "x"));
            },
            pool);

        Assert.StartsWith("LEAT0237: 'huge.txt' can't run, for Slurm does not give what it asks for. LEAT0230: ", OnSlurm.Of(report, "huge.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Equal(1, OnSlurm.Of(report, "huge.txt").Attempts);
        Assert.StartsWith("LEAT0237: 'gpu.txt' can't run", OnSlurm.Of(report, "gpu.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Equal((JobOutcome.Upstream, "huge.txt"), (OnSlurm.Of(report, "behind.txt").Outcome, OnSlurm.Of(report, "behind.txt").Culprit?.Id.Text));
        Assert.Equal((JobOutcome.Succeeded, JobOutcome.Succeeded), (OnSlurm.Of(report, "good.txt").Outcome, OnSlurm.Of(report, "plain.txt").Outcome));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_job_that_waits_in_the_queue_is_shown_as_waiting()
    {
        List<string> order = [];
        using var other = System.Diagnostics.Process.Start("srun", ["-N2", "-n2", "--cpus-per-task=2", "sleep", "60"]);
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%T") is ["RUNNING"], () => "The other job does not run.", seconds: 20);
        await using Pool pool = Pool.Slurm(OnSlurm.Two);
        JobGraph graph = rig.Graph();
        graph.File("a.txt", path => File.WriteAllText(path, "x"));
        await using JobRun run = graph.Start(new RunOptions { Pool = pool, Events = Note });

        await Eventually.TrueAsync(() => run.Progress.Obstacle is not null, () => $"{run.Progress}", seconds: 20);
        Assert.Equal((0, 1, "an allocation of Slurm's. It waits in Slurm's queue: Resources."), (run.Progress.Running, run.Progress.Waiting, run.Progress.Obstacle));
        Assert.Empty(run.Running);
        SlurmCluster.Run("scancel", "--name=sleep");
        order.Add("room");
        Assert.True((await run.Completion).IsSuccess);
        Assert.Equal(["queued", "room", "started", "ended"], order);

        void Note(JobEvent each)
        {
            if (each is JobQueued or JobStarted or JobEnded) order.Add(each.GetType().Name[3..].ToLowerInvariant());
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_stopped_does_not_wait_for_the_queue()
    {
        using var other = System.Diagnostics.Process.Start("srun", ["-N2", "-n2", "--cpus-per-task=2", "sleep", "60"]);
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%T") is ["RUNNING"], () => "The other job does not run.", seconds: 20);
        await using Pool pool = Pool.Slurm(OnSlurm.Two);
        JobGraph graph = rig.Graph();
        graph.File("a.txt", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Cores = 2 } });
        await using JobRun run = graph.Start(new RunOptions { Pool = pool });
        await Eventually.TrueAsync(() => run.Progress.Obstacle is not null, () => $"{run.Progress}", seconds: 20);

        run.Stop();

        Assert.Equal(JobOutcome.Cancelled, OnSlurm.Of(await run.Completion, "a.txt").Outcome);
        await Eventually.TrueAsync(() => SlurmCluster.Queue("%A").Length == 1, () => string.Join(", ", SlurmCluster.Queue("%A %T %j")), seconds: 10);
        SlurmCluster.Run("scancel", "--name=sleep");
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_loaded_is_loaded_once_in_each_allocation_that_needs_it()
    {
        (string loads, string meeting) = (rig["loads"], rig["meeting"]);
        await using Pool pool = Pool.Slurm(OnSlurm.Two with { Workers = 2 });

        RunReport report = await OnSlurm.RunAsync(
            rig,
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
                        Meeting.Of(meeting, 4);
                        File.WriteAllText(path, $"{load.Value} {Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK")}");
                    }).DependsOn(load);
                }

                graph.File("large.txt", path => File.WriteAllText(path, $"{load.Value} {Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK")} {Environment.ProcessId}"), new JobOptions { Resources = new Resources { Memory = 350 * OnSlurm.MiB } }).DependsOn(load);
            },
            pool);

        // Four at a time: two in each of two processes.
        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        string[] processes = [.. Enumerable.Range(0, 20).Select(i => rig.Read($"{i}.txt")).Distinct()];
        Assert.Equal(2, processes.Length);
        Assert.All(processes, each => Assert.EndsWith(" 2", each, StringComparison.Ordinal));
        Assert.Equal(3, Meeting.Count(loads));
        Assert.Matches(@"^(\d+) 1 \1$", rig.Read("large.txt"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Commands_that_fail_crashes_and_timeouts_are_told_as_elsewhere()
    {
        await using Pool pool = Pool.Slurm(OnSlurm.Two);

        RunReport report = await OnSlurm.RunAsync(
            rig,
            graph =>
            {
                graph.Command("command.txt", path => new CommandLine("sh", "-c", "echo no luck >&2; exit 3", path));
                graph.File("exit.txt", _ => Environment.Exit(4));
                graph.File("late.txt", _ => Thread.Sleep(Timeout.Infinite), new JobOptions { Timeout = TimeSpan.FromMilliseconds(500) });
                graph.File("thrown.txt", _ => throw new InvalidDataException("bad"));
            },
            pool);

        Assert.Contains("ended with exit code 3", OnSlurm.Of(report, "command.txt").Error!.Message, StringComparison.Ordinal);
        Assert.Matches(@"^LEAT0154: .*\(exit code 4 on n\d \(job \d+\)\)", OnSlurm.Of(report, "exit.txt").Error!.Message);
        Assert.StartsWith("LEAT0150: ", Assert.IsType<TimeoutException>(OnSlurm.Of(report, "late.txt").Error).Message, StringComparison.Ordinal);
        Assert.IsType<InvalidDataException>(OnSlurm.Of(report, "thrown.txt").Error);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stream_that_has_used_the_workers_leaves_them_to_a_graph()
    {
        await using Pool pool = Pool.Slurm(SlurmCluster.Options);
        await SshPoolTests.RunAsync(pool, 100);
        RunReport report = await OnSlurm.RunAsync(rig, graph => graph.File("a.txt", path => File.WriteAllText(path, "x")), pool);
        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        await SshPoolTests.RunAsync(pool, 100);
    }

    [Fact(Timeout = 60_000)]
    public async Task All_allocations_are_asked_about_with_one_command()
    {
        const int jobs = 4;
        string log = rig["asked"], path = Environment.GetEnvironmentVariable("PATH")!;
        rig.Write("bin/squeue", $"#!/bin/sh\necho \"$@\" >>'{log}'\nexec {Require.Tool("squeue")} \"$@\"\n");
        File.SetUnixFileMode(rig["bin/squeue"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            Environment.SetEnvironmentVariable("PATH", $"{rig["bin"]}{Path.PathSeparator}{path}");
            await using Pool pool = Pool.Slurm(SlurmCluster.Options with { Maximum = jobs, StatusPeriod = TimeSpan.FromSeconds(1) });
            RunReport report = await OnSlurm.RunAsync(
                rig,
                graph =>
                {
                    // Each has an allocation of its own, and stays until the queue has been asked about all of them together, twice.
                    for (int i = 0; i < jobs; i++)
                    {
                        graph.File($"{i}.txt", file =>
                        {
                            while (Asked(log).Count(line => line.Count(each => each == ',') == jobs - 1) < 2) Thread.Sleep(10);
                            File.WriteAllText(file, "x");
                        }, new JobOptions { Resources = new Resources { WallTime = TimeSpan.FromMinutes(1) } });
                    }
                },
                pool);
            Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Assert.InRange(Asked(log).Length, 2, (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds + 1);
    }

    [Fact]
    public async Task Where_Slurm_does_not_decide_alone_a_graph_is_refused()
    {
        await using Pool both = Pool.Combine(Pool.Processes(1), Pool.Slurm(SlurmCluster.Options));
        Assert.StartsWith("LEAT0238: ", Assert.Throws<ArgumentException>(() => rig.Graph().Start(new RunOptions { Pool = both })).Message, StringComparison.Ordinal);
        await using Pool pool = Pool.Slurm(SlurmCluster.Options);
        Assert.StartsWith("LEAT0239: ", Assert.Throws<ArgumentException>(() => rig.Graph().Start(new RunOptions { Pool = pool, Files = Files.Transfer })).Message, StringComparison.Ordinal);
    }

    // But for what the process asks that watches over the program.
    private static string[] Asked(string log) => File.Exists(log) ? [.. File.ReadLines(log).Where(line => line.Contains("--states=all", StringComparison.Ordinal))] : [];
}
