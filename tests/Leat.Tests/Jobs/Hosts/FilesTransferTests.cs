using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using Leat.Tests.Pools;
using Leat.Tests.Pools.Remote;
using Leat.Tests.Streams.Ends;

namespace Leat.Tests.Jobs.Hosts;

/// <summary>Jobs on a machine that does not see this one's files get what they declare, and nothing else.</summary>
[Collection(AloneCollection.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class FilesTransferTests : IDisposable
{
    private readonly JobRig rig = new();
    private readonly FarHost far;

    public FilesTransferTests() => far = new FarHost(rig.Folder);

    public void Dispose()
    {
        far.Dispose();
        rig.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_kind_of_job_finds_its_inputs_and_its_outputs_come_back()
    {
        rig.Write("in.txt", "3");
        rig.Write("folder/a.txt", "a");
        rig.Write("folder/below/b.txt", "b");
        string seen = rig["seen"];
        await using (Pool pool = far.Pool(2))
        {
            RunReport report = await RunAsync(graph => Define(graph, seen), pool);

            Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        }

        Assert.Equal("3 4 12 ab 3 4", rig.Read("all.txt"));
        Assert.False(rig.Exists("temp.txt"));
        Assert.False(rig.Exists("seen"));
        Assert.Empty(Directory.GetFiles(rig.Folder, "*.part", SearchOption.AllDirectories));
        Assert.Empty(far.Work());

        await rig.RunAsync(graph => Define(graph, seen));
        Assert.Equal("", rig.Ran);

        static void Define(JobGraph graph, string seen)
        {
            InputFileJob input = graph.InputFile("in.txt");
            InputFolderJob folder = graph.InputFolder("folder");
            FileJob temporary = graph.TempFile("temp.txt", path =>
            {
                File.WriteAllText(path, File.ReadAllText(input.Path));

                // There is such a folder on that machine, but it is not this one.
                Directory.CreateDirectory(seen);
            }).DependsOn(input);
            CachedJob<int> cached = graph.Cached("cached", () => 4);
            LoadJob<int> load = graph.Load("load", () => cached.Value * int.Parse(File.ReadAllText(temporary.Path), CultureInfo.InvariantCulture)).DependsOn(cached, temporary);
            FilesJob pair = graph.Files("pair", [("a", "a.txt"), ("b", "b/b.txt")], paths =>
            {
                File.WriteAllText(paths["a"], File.ReadAllText(temporary.Path));
                File.WriteAllText(paths["b"], cached.Value.ToString(CultureInfo.InvariantCulture));
            }).DependsOn(temporary, cached);
            FileJob loaded = graph.File("loaded.txt", path => File.WriteAllText(path, load.Value.ToString(CultureInfo.InvariantCulture))).DependsOn(load);
            FileJob listed = graph.File("listed.txt", path => File.WriteAllText(path, string.Concat(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)))).DependsOn(folder);
            CommandJob command = graph.Command("command.txt", path => $"cp {pair["a"]} {path}");
            CommandJob output = graph.Command("output.txt", _ => $"cat {pair["b"]}", standardOutput: true);
            graph.File("all.txt", path => File.WriteAllText(path, string.Join(' ', ((string[])[pair["a"].Path, pair["b"].Path, loaded.Path, listed.Path, command.Path, output.Path]).Select(File.ReadAllText))))
                .DependsOn(pair, loaded, listed, command, output);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Contents_are_sent_once_and_again_when_they_were_damaged_there()
    {
        byte[] large = new byte[(5 << 20) + 7];
        new Random(1).NextBytes(large);
        rig.Write("in.bin", "");
        await File.WriteAllBytesAsync(rig["in.bin"], large, TestContext.Current.CancellationToken);
        await TurnAsync(1);
        FileInfo[] kept = [.. far.Kept()];
        Assert.Equal(2, kept.Length);
        Assert.All(kept, file => Assert.Equal(large.Length, file.Length));

        await TurnAsync(2);
        Assert.Equal(kept.Select(file => file.LastWriteTimeUtc), far.Kept().Where(file => kept.Any(other => other.FullName == file.FullName)).Select(file => file.LastWriteTimeUtc));

        foreach (FileInfo file in far.Kept())
        {
            File.SetUnixFileMode(file.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await using FileStream stream = file.OpenWrite();
            stream.WriteByte(42);
            stream.WriteByte(42);
        }

        await TurnAsync(3);

        async Task TurnAsync(int key)
        {
            await using Pool pool = far.Pool(1);
            RunReport report = await RunAsync(
                graph =>
                {
                    InputFileJob input = graph.InputFile("in.bin");
                    ParameterJob<int> by = graph.Parameter("by", key);
                    graph.File("out.bin", path => File.WriteAllBytes(path, [.. File.ReadAllBytes(input.Path).Select(each => (byte)(each ^ by.Value))])).DependsOn(input, by);
                },
                pool);
            Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
            Assert.True(large.Select(each => (byte)(each ^ key)).SequenceEqual(await File.ReadAllBytesAsync(rig["out.bin"], TestContext.Current.CancellationToken)));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_not_declared_is_not_there_and_the_error_says_so()
    {
        rig.Write("in.txt", "x");
        string undeclared = rig["in.txt"];
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                LoadJob<string> load = graph.Load("load", () => "x");
                graph.File("whole.txt", path => File.WriteAllText(path, File.ReadAllText(undeclared)));
                graph.File("relative.txt", path => File.WriteAllText(path, File.ReadAllText("nowhere/in.txt")));
                graph.File("loaded.txt", path => File.WriteAllText(path, load.Value + File.ReadAllText(undeclared))).DependsOn(load);
                graph.Command("command.txt", _ => new CommandLine("cat", undeclared), standardOutput: true);
            },
            pool);

        foreach (string id in (string[])["whole.txt", "loaded.txt"])
        {
            Assert.StartsWith($"LEAT0252: The action of '{id}' did not find a file on the host 'unshare': Could not find file '{undeclared}'. Only those files are there that the job declares as its inputs", Of(report, id).Error?.Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("LEAT0252: The action of 'relative.txt' did not find a file on the host 'unshare': Could not find a part of the path '", Of(report, "relative.txt").Error?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(far.Cache, Of(report, "relative.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Contains("It ran on 'unshare', where only those files are that the job declares as its inputs (Files.Transfer).", Of(report, "command.txt").Error?.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_job_makes_and_does_not_declare_is_told_and_what_it_does_not_make_is_missed()
    {
        var told = new ConcurrentQueue<string>();
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                graph.File("more.txt", path =>
                {
                    File.WriteAllText(path, "x");
                    File.WriteAllText(path + ".bai", "x");
                });
                graph.File("none.txt", _ => { });
            },
            pool,
            each =>
            {
                if (each is RunWarning warning) told.Enqueue(warning.Message);
            });

        Assert.Contains(told, message => message.StartsWith("'more.txt' wrote 'more.txt.bai' beside its output, which is lost.", StringComparison.Ordinal));
        Assert.StartsWith("LEAT0146: 'none.txt' has not made 'none.txt'.", Of(report, "none.txt").Error?.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Jobs_that_share_a_folder_there_see_nothing_of_each_other()
    {
        var told = new ConcurrentQueue<string>();
        await using Pool pool = far.Pool(1);

        RunReport report = await RunAsync(
            graph =>
            {
                // One after the other, in the process that has loaded, with the same file name.
                LoadJob<string> load = graph.Load("load", () => "x");
                FileJob first = graph.File("a/result.txt", path => File.AppendAllText(path, load.Value)).DependsOn(load);
                FileJob second = graph.File("b/result.txt", path => File.AppendAllText(path, load.Value)).DependsOn(load, first);
                graph.File("c/result.txt", path => { if (load.Value != "x") File.WriteAllText(path, ""); }).DependsOn(load, second);
            },
            pool,
            each =>
            {
                if (each is RunWarning warning) told.Enqueue(warning.Message);
            });

        Assert.Equal(("x", "x"), (rig.Read("a/result.txt"), rig.Read("b/result.txt")));
        Assert.StartsWith("LEAT0146: ", Of(report, "c/result.txt").Error?.Message, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_lost_machine_and_killed_processes_there_cost_nothing()
    {
        rig.Write("in.txt", new string('x', 3 << 20));
        int ended = 0;
        await using Pool pool = far.Pool(2);

        RunReport report = await RunAsync(
            graph =>
            {
                InputFileJob input = graph.InputFile("in.txt");
                LoadJob<int> load = graph.Load("load", () => File.ReadAllText(input.Path).Length).DependsOn(input);
                for (int i = 0; i < 30; i++)
                {
                    _ = i % 3 == 0
                        ? graph.File($"{i}.txt", path => File.WriteAllText(path, File.ReadAllText(input.Path))).DependsOn(input)
                        : graph.File($"{i}.txt", path => File.WriteAllText(path, File.ReadAllText(input.Path)[..load.Value])).DependsOn(input, load);
                }
            },
            pool,
            each =>
            {
                if (each is not JobEnded { Report.Job.Kind: JobKind.File }) return;
                ended++;
                if (ended == 8) RemoteProcesses.Agents(far.Cache).ForEach(Children.Kill);
                if (ended == 16) RemoteProcesses.Workers(far.Cache).ForEach(Children.Kill);
            });

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.True(ended == 30 && pool.Stats().Lost > 0, $"{pool.Stats()}");
        string expected = rig.Read("in.txt");
        for (int i = 0; i < 30; i++) Assert.True(expected == rig.Read($"{i}.txt"), $"{i}.txt");
        Assert.Empty(Directory.GetFiles(rig.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact(Timeout = 60_000)]
    public async Task This_machine_and_others_do_a_graph_together()
    {
        rig.Write("in.txt", "x");
        await using Pool pool = Pool.Combine(Pool.Processes(1), far.Pool(1));

        RunReport report = await RunAsync(
            graph =>
            {
                InputFileJob input = graph.InputFile("in.txt");
                FileJob[] jobs = [.. Enumerable.Range(0, 20).Select(i => graph.File($"{i}.txt", path => File.WriteAllText(path, $"{File.ReadAllText(input.Path)}{i}")).DependsOn(input))];
                graph.File("all.txt", path => File.WriteAllText(path, string.Join(' ', jobs.Select(job => File.ReadAllText(job.Path))))).DependsOn(jobs);
            },
            pool);

        Assert.True(report.IsSuccess, string.Join('\n', report.Jobs));
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 20).Select(i => $"x{i}")), rig.Read("all.txt"));
        Assert.Equal(2, report.Jobs.Where(job => job.Job.Kind == JobKind.File).Select(job => job.Machine).Distinct().Count());
    }

    private static JobReport Of(RunReport report, string id) => report.Jobs.Single(job => job.Job.Id.Text == id);

    private Task<RunReport> RunAsync(Action<JobGraph> define, Pool pool, Action<JobEvent>? events = null) =>
        rig.RunAsync(define, (_, options) => options with { Pool = pool, Files = Files.Transfer, Events = events });
}
