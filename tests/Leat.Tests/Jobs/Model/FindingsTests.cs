namespace Leat.Tests.Jobs.Model;

/// <summary>What random programs have found, each as small as it gets.</summary>
public sealed class FindingsTests : IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_change_of_the_drawing_does_not_write_the_table()
    {
        string title = "one";
        void Define(JobGraph graph)
        {
            string own = title;
            graph.Plot("plot.svg", () => new[] { 1, 2 }, (data, path) => File.WriteAllText(path, $"{own} {data.Length}"), table: "plot.tsv");
        }

        await rig.RunAsync(Define);
        Assert.Equal("plot.svg plot.svg (data) plot.tsv", rig.Ran);
        title = "two";
        await rig.RunAsync(Define);
        Assert.Equal("plot.svg", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_final_job_sees_its_own_inputs_change()
    {
        int number = 1;
        bool depends = true;
        void Define(JobGraph graph)
        {
            ParameterJob<int> parameter = graph.Parameter("number", number);
            FinalJob end = graph.Final("end", () => { });
            if (depends) end.DependsOn(parameter);
        }

        await rig.RunAsync(Define);
        Assert.Equal("end", rig.Ran);
        number = 2;
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("end", rig.Ran);
        Assert.Equal("its input 'number' changed", Assert.Single(report.Done.Single().Reasons).ToString());
        depends = false;
        await rig.RunAsync(Define);
        Assert.Equal("end", rig.Ran);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_several_temporary_files_one_is_there_with_another_time_and_one_is_gone()
    {
        string suffix = "";
        void Define(JobGraph graph)
        {
            string own = suffix;
            FilesJob both = graph.TempFiles("both", [("a", "a"), ("b", "b")], paths =>
            {
                File.WriteAllText(paths["a"], "a");
                File.WriteAllText(paths["b"], "b");
            });
            graph.File("out", path => File.WriteAllText(path, string.Concat(both.Paths.Select(File.ReadAllText)) + own)).DependsOn(both);
        }

        await rig.RunAsync(Define);
        rig.Write("a", "a");
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);

        // What is not what the job left must not come to be taken for it.
        rig.Write("b", "x");
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
        suffix = "!";
        await rig.RunAsync(Define);
        Assert.Equal("both out", rig.Ran);
        Assert.Equal("ab!", rig.Read("out"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Final_jobs_do_not_fail_with_each_other()
    {
        void Define(JobGraph graph)
        {
            graph.Final("a", () => throw new InvalidOperationException("no"));
            FinalJob b = graph.Final("b", () => { });
            graph.Final("c", () => { }).DependsOn(b);
        }

        RunReport report = await rig.RunAsync(Define);
        Assert.Equal("b c", rig.Ran);
        Assert.Equal(1, report.Count(JobOutcome.Failed));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_plan_does_not_know_of_final_jobs_what_a_maker_is_yet_to_say()
    {
        void Define(JobGraph graph)
        {
            LoadJob<string> name = graph.Load("name", () => "a");
            graph.Generate("make", made =>
            {
                string path = name.Value;
                made.File(path, place => File.WriteAllText(place, "a"));
            }).DependsOn(name);
            graph.Final("end", () => { });
        }

        await rig.RunAsync(Define);
        JobGraph graph = rig.Graph();
        Define(graph);
        RunPlan plan = await graph.PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(PlannedState.MayRun, plan[new JobId("end")]!.State);
        await rig.RunAsync(graph);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task Files_that_go_into_a_folder_of_their_folder_count_as_changed()
    {
        void Define(JobGraph graph)
        {
            InputFolderJob folder = graph.InputFolder("in");
            graph.File("out", path => File.WriteAllLines(path, Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(each => Path.GetRelativePath(folder.Path, each)))).DependsOn(folder);
        }

        rig.Write("in/a", "a");
        await rig.RunAsync(Define);
        Directory.CreateDirectory(rig["in/b"]);
        File.Move(rig["in/a"], rig["in/b/a"]);
        await rig.RunAsync(Define);
        Assert.Equal("out", rig.Ran);
        Assert.Equal("b/a\n", rig.Read("out"));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_injected_into_a_value_that_nobody_wants_yet_is_there_when_it_is_wanted()
    {
        void Define(JobGraph graph)
        {
            CachedJob<string> made = graph.Cached("made", () => "made");
            InjectJob first = graph.Inject("first", injection => injection.Into(injection.Dependants.First(job => job.Id.Text == "value"), made));
            CachedJob<string> value = graph.Cached("value", () => "value").DependsOn(first);
            InjectJob second = graph.Inject("second", injection => injection.Add(value)).DependsOn(first);
            graph.File("out", path => File.WriteAllText(path, "out")).DependsOn(second);
        }

        await rig.RunAsync(Define);
        Assert.Equal("made out value", rig.Ran);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_plan_knows_what_final_jobs_need()
    {
        string text = "a";
        void Define(JobGraph graph)
        {
            string own = text;
            FileJob temporary = graph.TempFile("temporary", path => File.WriteAllText(path, "t"));
            graph.File("out", path => File.WriteAllText(path, own));
            graph.Final("end", () => _ = temporary.Path).DependsOn(temporary);
        }

        await rig.RunAsync(Define);
        text = "b";
        JobGraph graph = rig.Graph();
        Define(graph);
        RunPlan plan = await graph.PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(PlannedState.MayRun, plan[new JobId("temporary")]!.State);
        await rig.RunAsync(graph);
        Assert.Equal("end out temporary", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_two_files_of_which_a_value_is_loaded_one_moves()
    {
        string place = "a";
        void Define(JobGraph graph)
        {
            InputFileJob one = graph.InputFile($"{place}/one"), two = graph.InputFile("b/two");
            LoadJob<string> both = graph.Load("both", () => File.ReadAllText(one.Path) + File.ReadAllText(two.Path)).DependsOn(one, two);
            graph.File("out", path => File.WriteAllText(path, both.Value)).DependsOn(both);
        }

        rig.Write("a/one", "1");
        rig.Write("b/two", "2");
        await rig.RunAsync(Define);
        place = "c";
        Directory.CreateDirectory(rig["c"]);
        File.Move(rig["a/one"], rig["c/one"]);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_temporary_file_that_is_made_twice_in_a_run_counts_by_what_it_is_in_that_run()
    {
        string text = "1";
        void Define(JobGraph graph)
        {
            string own = text;
            FileJob temporary = graph.TempFile("temporary", path => File.WriteAllText(path, own));
            FileJob first = graph.File("first", path => File.WriteAllText(path, File.ReadAllText(temporary.Path))).DependsOn(temporary);
            // By then the file is gone, and is made again.
            graph.Generate("late", made => made.File("second", path => File.WriteAllText(path, File.ReadAllText(temporary.Path))).DependsOn(temporary)).DependsOn(first);
        }

        await rig.RunAsync(Define);
        text = "2";
        await rig.RunAsync(Define);
        Assert.Equal("first second temporary", rig.Ran);
        await rig.RunAsync(Define);
        Assert.Equal("", rig.Ran);
    }
}
