namespace Leat.Tests.Jobs;

/// <summary>What runs, and what does not.</summary>
public sealed class RulesTests : IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task The_example_of_the_design_runs_once()
    {
        void Define(JobGraph graph)
        {
            FileJob a = graph.File("sampleA.txt", path => File.WriteAllText(path, "hello world"));
            graph.File("sampleB.txt", path => File.WriteAllText(path, File.ReadAllText(a.Path) + ", once again")).DependsOn(a);
        }

        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("sampleA.txt sampleB.txt", rig.Ran);
        Assert.Equal("hello world, once again", rig.Read("sampleB.txt"));
        Assert.True(report.IsSuccess);

        report = await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        Assert.Equal(2, report.Count(JobOutcome.UpToDate));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_missing_output_is_made_again_and_equal_bytes_end_there()
    {
        void Define(JobGraph graph)
        {
            FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
            graph.File("b", path => File.WriteAllText(path, File.ReadAllText(a.Path) + "b")).DependsOn(a);
        }

        await rig.RunAsync(Define);
        File.Delete(rig["a"]);
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("a", rig.Ran);
        Assert.Equal(JobReasonKind.OutputMissing, Assert.Single(report.Done.Single().Reasons).Kind);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_job_that_only_ever_failed_is_not_said_never_to_have_run()
    {
        void Define(JobGraph graph) => graph.File("a", path => throw new IOException("no"));
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("it never ran", Assert.Single(report.Done.Single().Reasons).ToString());
        report = await rig.RunAsync(Define);
        Assert.Equal("it never succeeded", Assert.Single(report.Done.Single().Reasons).ToString());

        JobGraph graph = rig.Graph();
        Define(graph);
        RunPlan plan = await graph.PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(JobReasonKind.NeverSucceeded, Assert.Single(plan[new JobId("a")]!.Reasons).Kind);
    }

    [Fact(Timeout = 30_000)]
    public async Task For_a_command_a_variable_that_is_taken_away_is_not_an_empty_one()
    {
        string? value = null;
        void Define(JobGraph graph) =>
            graph.Command("a", path => $"sh -c 'echo ${{ONE-none}}'", standardOutput: true, new CommandOptions { Environment = new Dictionary<string, string?> { ["ONE"] = value } });

        await rig.RunAsync(Define);
        Assert.Equal("none\n", rig.Read("a"));
        value = "";
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("\n", rig.Read("a"));
        Assert.Equal(JobReasonKind.CommandChanged, Assert.Single(report.Done.Single().Reasons).Kind);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_said_twice_of_many_inputs_counts_once()
    {
        const int many = 100;
        JobGraph graph = rig.Graph();
        FileJob[] parts = [.. Enumerable.Range(0, many).Select(i => graph.File($"part{i}", path => File.WriteAllText(path, $"{i}")))];
        FileJob sum = graph.File("sum", path => File.WriteAllText(path, "sum"));
        foreach (FileJob part in parts) sum.DependsOn(part).DependsOn(part);
        InjectJob inject = graph.Inject("more", injection => injection.Add([.. parts]));
        sum.DependsOn(inject);
        await using Pool pool = Pool.Threads(2);
        for (int run = 0; run < 2; run++)
        {
            await graph.RunAsync(pool);
            Assert.Equal(many + 1, sum.Inputs.Count);
        }
    }

    [Fact(Timeout = 30_000)]
    public async Task The_progress_of_a_run_counts_what_its_report_does()
    {
        bool fails = false;
        async Task<(RunProgress Progress, RunReport Report)> RunAsync()
        {
            JobGraph graph = rig.Graph();
            InputFileJob input = graph.InputFile("in");
            ParameterJob<int> parameter = graph.Parameter("number", 1);
            LoadJob<int> load = graph.Load("load", () => 1).DependsOn(parameter);
            FileJob a = graph.File("a", path => File.Copy(input.Path, path)).DependsOn(input);
            graph.Generate("make", made =>
            {
                if (fails) throw new IOException("no");
                made.File("b", path => File.WriteAllText(path, $"{load.Value}")).DependsOn(load);
            });
            await using Pool pool = Pool.Threads(1);
            await using JobRun run = graph.Start(new RunOptions { Pool = pool, SharesMachine = false });
            RunReport whole = await run.Completion;
            return (run.Progress, whole);
        }

        rig.Write("in", "1");
        (RunProgress progress, RunReport report) = await RunAsync();
        Assert.Equal((2, 2, 0, 0), (progress.Total, progress.Succeeded, progress.UpToDate, progress.Failed));
        Assert.Equal(2, report.Count(JobOutcome.Succeeded));
        (progress, report) = await RunAsync();
        Assert.Equal((2, 0, 2, 0), (progress.Total, progress.Succeeded, progress.UpToDate, progress.Failed));
        fails = true;
        (progress, report) = await RunAsync();
        Assert.Equal((2, 0, 1, 1), (progress.Total, progress.Succeeded, progress.UpToDate, progress.Failed));
        Assert.Equal((1, 1), (report.Count(JobOutcome.UpToDate), report.Count(JobOutcome.Failed)));
    }

    [Fact(Timeout = 30_000)]
    public async Task Changed_and_emptied_outputs_are_made_again()
    {
        void Define(JobGraph graph)
        {
            FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
            graph.File("b", path => File.WriteAllText(path, File.ReadAllText(a.Path) + "b")).DependsOn(a);
        }

        await rig.RunAsync(Define);
        rig.Write("a", "x");
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("a", rig.Ran);
        Assert.Equal(JobReasonKind.OutputChanged, Assert.Single(report.Done.Single().Reasons).Kind);
        rig.Write("b", "");
        report = await rig.RunAsync(Define);
        Assert.Equal("b", rig.Ran);
        Assert.Equal(JobReasonKind.OutputEmpty, Assert.Single(report.Done.Single().Reasons).Kind);
        File.SetLastWriteTimeUtc(rig["b"], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        Assert.Equal("ab", rig.Read("b"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Parameters_captured_values_and_sets_of_inputs_count()
    {
        int captured = 1, parameter = 1;
        bool depends = true;
        void Define(JobGraph graph)
        {
            int value = captured;
            ParameterJob<int> number = graph.Parameter("number", parameter);
            FileJob a = graph.File("a", path => File.WriteAllText(path, $"{value}")).DependsOn(number);
            FileJob b = graph.File("b", path => File.WriteAllText(path, "b"));
            if (depends) b.DependsOn(a);
        }

        await rig.RunAsync(Define);
        Assert.Equal("a b", rig.Ran);
        parameter = 2;
        await rig.RunAsync(Define);
        Assert.Equal("a", rig.Ran);
        captured = 2;
        await rig.RunAsync(Define);
        Assert.Equal("a b", rig.Ran);
        depends = false;
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("b", rig.Ran);
        Assert.Equal("it no longer depends on 'a'", Assert.Single(report.Done.Single().Reasons).ToString());
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task Input_files_count_by_content_and_may_move()
    {
        string place = "in/reads.txt";
        void Define(JobGraph graph)
        {
            InputFileJob reads = graph.InputFile(place);
            graph.File("out", path => File.WriteAllText(path, File.ReadAllText(reads.Path))).DependsOn(reads);
        }

        rig.Write(place, "one");
        await rig.RunAsync(Define);
        Assert.Equal("out", rig.Ran);
        File.SetLastWriteTimeUtc(rig[place], new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        Directory.CreateDirectory(rig["other"]);
        File.Move(rig[place], rig["other/reads.txt"]);
        place = "other/reads.txt";
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        rig.Write(place, "two");
        await rig.RunAsync(Define);
        Assert.Equal("out", rig.Ran);
        Assert.Equal("two", rig.Read("out"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Temporary_files_live_until_their_users_have_succeeded()
    {
        string suffix = "1";
        void Define(JobGraph graph)
        {
            string own = suffix;
            FileJob temp = graph.TempFile("temp", path => File.WriteAllText(path, "t"));
            FileJob second = graph.TempFile("temp2", path => File.WriteAllText(path, File.ReadAllText(temp.Path) + "2")).DependsOn(temp);
            graph.File("out", path => File.WriteAllText(path, File.ReadAllText(second.Path) + own)).DependsOn(second);
            graph.TempFile("unused", path => File.WriteAllText(path, "t"));
        }

        await rig.RunAsync(Define);
        Assert.Equal("out temp temp2", rig.Ran);
        Assert.False(rig.Exists("temp") || rig.Exists("temp2"));
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        suffix = "2";
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("out temp temp2", rig.Ran);
        Assert.Contains(report.Done, job => job.Job.Id.Text == "temp" && job.Reasons.Any(reason => reason.Kind == JobReasonKind.Needed));
        Assert.Equal("t22", rig.Read("out"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Values_are_computed_when_they_are_needed()
    {
        int number = 1;
        string suffix = "a";
        void Define(JobGraph graph)
        {
            int own = number;
            string text = suffix;
            LoadJob<int> load = graph.Load("load", () => own);
            CachedJob<int> kept = graph.Cached("kept", () => load.Value / 2).DependsOn(load);
            graph.File("out", path => File.WriteAllText(path, $"{kept.Value}{text}")).DependsOn(kept);
            graph.Cached("unused", () => 1);
        }

        await rig.RunAsync(Define);
        Assert.Equal("kept out", rig.Ran);
        Assert.Equal("0a", rig.Read("out"));
        number = 0;
        await rig.RunAsync(Define);
        Assert.Equal("kept", rig.Ran);
        suffix = "b";
        await rig.RunAsync(Define);
        Assert.Equal("out", rig.Ran);
        number = 2;
        await rig.RunAsync(Define);
        Assert.Equal("kept out", rig.Ran);
        Assert.Equal("1b", rig.Read("out"));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_output_of_several_can_be_depended_on()
    {
        string one = "1", two = "2";
        void Define(JobGraph graph)
        {
            InputFileJob input = graph.InputFile("in");
            FilesJob both = graph.Files("both", [("one", "1.txt"), ("two", "2.txt")], paths =>
            {
                string[] parts = File.ReadAllText(input.Path).Split(' ');
                File.WriteAllText(paths["one"], parts[0]);
                File.WriteAllText(paths["two"], parts[1]);
            }).DependsOn(input);
            graph.File("first", path => File.WriteAllText(path, File.ReadAllText(both.Paths["one"]))).DependsOn(both["one"]);
            graph.File("all", path => File.WriteAllText(path, string.Concat(both.Paths.Select(File.ReadAllText)))).DependsOn(both);
        }

        rig.Write("in", $"{one} {two}");
        await rig.RunAsync(Define);
        Assert.Equal("all both first", rig.Ran);
        rig.Write("in", "1 3");
        await rig.RunAsync(Define);
        Assert.Equal("all both", rig.Ran);
        Assert.Equal("13", rig.Read("all"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_stops_what_needs_it_and_nothing_else()
    {
        bool fails = true;
        void Define(JobGraph graph)
        {
            bool throws = fails;
            FileJob a = graph.File("a", path => File.WriteAllText(path, throws ? throw new InvalidOperationException("no") : "a"));
            FileJob b = graph.File("b", path => File.WriteAllText(path, "b")).DependsOn(a);
            graph.File("c", path => File.WriteAllText(path, "c")).DependsOn(b);
            graph.File("d", path => File.WriteAllText(path, "d"));
            graph.Final("end", () => { });
        }

        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("d", rig.Ran);
        Assert.Equal((1, 3), (report.Count(JobOutcome.Failed), report.Count(JobOutcome.Upstream)));
        Assert.All(report.Jobs.Where(job => job.Outcome == JobOutcome.Upstream), job => Assert.Equal("a", job.Culprit!.Id.Text));
        fails = false;
        await rig.RunAsync(Define);
        Assert.Equal("a b c end", rig.Ran);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task Generators_and_injectors_make_jobs_in_every_run()
    {
        void Define(JobGraph graph)
        {
            InputFileJob list = graph.InputFile("list");
            graph.Generate("each", made =>
            {
                foreach (string name in File.ReadAllLines(list.Path)) made.File($"{name}.txt", path => File.WriteAllText(path, name));
            }).DependsOn(list);
            List<FileJob> pages = [];
            InjectJob inject = graph.Inject("pages", injection =>
            {
                foreach (string name in File.ReadAllLines(list.Path)) injection.Add(graph.File($"{name}.page", path => File.WriteAllText(path, name)));
            }).DependsOn(list);
            string folder = graph.Folder;
            graph.File("titles", path => File.WriteAllLines(path, Directory.GetFiles(folder, "*.page").Select(File.ReadAllText).Order(StringComparer.Ordinal))).DependsOn(inject);
        }

        rig.Write("list", "x\ny");
        await rig.RunAsync(Define);
        Assert.Equal("titles x.page x.txt y.page y.txt", rig.Ran);
        Assert.Equal("x\ny\n", rig.Read("titles"));
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        rig.Write("list", "x\ny\nz");
        await rig.RunAsync(Define);
        Assert.Equal("titles z.page z.txt", rig.Ran);

        JobGraph graph = rig.Graph();
        Define(graph);
        await rig.RunAsync(graph);
        rig.Write("list", "x\nq");
        await rig.RunAsync(graph);
        Assert.Equal("q.page q.txt titles", rig.Ran);
    }

    [Fact]
    public void The_table_of_a_plot_counts_by_names_that_the_next_build_of_the_library_keeps()
    {
        PlotJob<int[]> plot = rig.Graph().Plot("plot", () => new[] { 1 }, (data, path) => File.WriteAllText(path, $"{data.Length}"), table: "plot.csv");
        System.Reflection.MethodInfo written = plot.Table!.Body!.Function.Method;
        Assert.DoesNotContain('<', written.Name);
        Assert.DoesNotContain('<', written.DeclaringType!.Name);
    }

    [Fact(Timeout = 30_000)]
    public async Task Links_in_an_input_folder_are_followed_but_not_in_circles_and_not_to_nowhere()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows(), "Links need a right on Windows.");
        rig.Write("data/a", "a");
        rig.Write("data/deep/b", "b");
        rig.Write("elsewhere/c", "c");
        Directory.CreateSymbolicLink(rig["data/deep/up"], "../");
        Directory.CreateSymbolicLink(rig["data/other"], rig["elsewhere"]);
        Directory.CreateSymbolicLink(rig["elsewhere/back"], rig["data"]);
        File.CreateSymbolicLink(rig["data/.#a"], "somebody@host");
        void Define(JobGraph graph)
        {
            InputFolderJob data = graph.InputFolder("data", "*", recursive: true);
            graph.File("out", path => File.WriteAllText(path, "out")).DependsOn(data);
        }

        RunReport report = await rig.RunAsync(Define);
        Assert.True(report.IsSuccess);
        Assert.Equal(["a", "deep/b", "other/c"], Leat.Jobs.FolderFiles.In(rig["data"], "*", isRecursive: true).Select(path => Path.GetRelativePath(rig["data"], path)).Order(StringComparer.Ordinal));
        rig.Write("elsewhere/c", "d");
        await rig.RunAsync(Define);
        Assert.Equal("out", rig.Ran);
    }
}
