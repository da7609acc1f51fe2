namespace Leat.Tests.Jobs;

/// <summary>What graphs and actions may not do is refused, where it is done, by an error of its own.</summary>
public sealed class ContractTests : IDisposable
{
    private readonly JobRig rig = new();

    public void Dispose() => rig.Dispose();

    [Fact]
    public void A_job_is_defined_once()
    {
        JobGraph graph = rig.Graph();
        FileJob Define(string text) => graph.File("a", path => File.WriteAllText(path, text));
        FileJob first = Define("1");
        Assert.Same(first, Define("1"));
        Refused("LEAT0121", () => Define("2"));
        Refused("LEAT0121", () => graph.File("a", path => File.WriteAllText(path, "other")));
        Refused("LEAT0121", () => graph.TempFile("a", path => File.WriteAllText(path, "1")));
        Refused("LEAT0121", () => graph.Load("a", () => 1));
        Assert.Same(graph.Parameter("p", 1), graph.Parameter("p", 1));
        Refused("LEAT0121", () => graph.Parameter("p", 2));
        Refused("LEAT0122", () => graph.Files("both", [("one", "./x/../a")], paths => { }));
        Refused("LEAT0122", () => graph.Files("twice", [("one", "z"), ("two", "./z")], paths => { }));
        Refused("LEAT0122", () => graph.Files("half", [("one", "free"), ("two", "a")], paths => { }));
        Assert.Single(graph.Jobs, job => job.Id.Text == "a");
        // What was refused has taken nothing.
        graph.Files("free", [("one", "z"), ("two", "free")], paths => { });
    }

    [Fact]
    public void Dependencies_are_checked_where_they_are_said()
    {
        JobGraph graph = rig.Graph();
        FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
        FinalJob end = graph.Final("end", () => { });
        Refused("LEAT0124", () => a.DependsOn(end));
        Refused("LEAT0125", () => a.DependsOn(a));
        Refused("LEAT0126", () => a.DependsOn(rig.Graph().File("b", path => File.WriteAllText(path, "b"))));
        Refused("LEAT0123", () => graph.Files("two", [("one", "1")], paths => { })["three"]);
        Refused("LEAT0133", () => graph.Load("load", () => 1).Value);
        Refused("LEAT0134", () => graph.Cached("cached", () => 1).Value);
        graph.Final("end2", () => { }).DependsOn(end);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_circle_is_told_whole_however_long_it_is()
    {
        JobGraph graph = rig.Graph();
        FileJob[] jobs = [.. Enumerable.Range(0, 100_000).Select(i => graph.File($"f{i}", path => File.WriteAllText(path, "x")))];
        for (int i = 1; i < jobs.Length; i++) jobs[i].DependsOn(jobs[i - 1]);
        jobs[99_997].DependsOn(jobs[99_999]);
        Assert.Equal(
            "LEAT0127: Jobs depend on each other in a circle: 'f99997' needs 'f99999' needs 'f99998' needs 'f99997'. Take one of these dependencies away.",
            (await Assert.ThrowsAsync<LeatException>(() => graph.RunAsync(Pool.Threads(1)))).Message);
        jobs[0].DependsOn(jobs[99_999]);
        jobs[99_997].DependsOn(jobs[99_996]);
        string message = (await Assert.ThrowsAsync<LeatException>(() => graph.RunAsync(Pool.Threads(1)))).Message;
        Assert.StartsWith("LEAT0127: ", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(rig[".leat/runs"]));
    }

    [Fact(Timeout = 30_000)]
    public async Task Outputs_must_be_made_and_not_be_empty()
    {
        RunReport report = await rig.RunAsync(graph =>
        {
            graph.File("none", path => { });
            graph.File("folder", path => Directory.CreateDirectory(path));
            graph.File("empty", path => File.WriteAllText(path, ""));
            graph.File("allowed", path => File.WriteAllText(path, ""), new JobOptions { AllowEmpty = true });
            graph.Files("some", [("one", "1"), ("two", "2")], paths => File.WriteAllText(paths["one"], "1"));
            graph.Load("null", Nothing);
            graph.File("user", path => File.WriteAllText(path, "x")).DependsOn(graph.Cached("nothing", Nothing));
        });
        Assert.Equal("allowed", rig.Ran);
        Assert.Equal(["LEAT0147", "LEAT0146", "LEAT0146", "LEAT0139", "LEAT0146"], Failures(report));
        Assert.False(rig.Exists("1") || rig.Exists("2") || rig.Exists("empty"));
        await rig.RunAsync(graph => graph.File("allowed", path => File.WriteAllText(path, ""), new JobOptions { AllowEmpty = true }));
        Assert.Equal("", rig.Ran);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_is_used_must_be_depended_on()
    {
        RunReport report = await rig.RunAsync(graph =>
        {
            FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
            graph.File("b", path => File.WriteAllText(path, File.ReadAllText(a.Path)));
            CachedJob<int> value = graph.Cached("value", () => 1);
            LoadJob<int> load = graph.Load("load", () => 2);
            graph.File("c", path => File.WriteAllText(path, $"{value.Value}"));
            graph.File("d", path => File.WriteAllText(path, $"{load.Value}"));
        });
        Assert.Equal("a", rig.Ran);
        Assert.Equal(["LEAT0132", "LEAT0132", "LEAT0132"], Failures(report));
    }

    [Fact(Timeout = 30_000)]
    public async Task Missing_input_files_are_told_all_at_once()
    {
        rig.Write("there", "x");
        LeatException error = await Assert.ThrowsAsync<LeatException>(() => rig.RunAsync(graph =>
        {
            FileJob a = graph.File("a", path => File.WriteAllText(path, "a")).DependsOn(graph.InputFile("gone"), graph.InputFile("there"));
            graph.File("b", path => File.WriteAllText(path, "b")).DependsOn(graph.InputFiles("set", ["there", "away"]), graph.InputFile("gone"));
            graph.File("c", path => File.WriteAllText(path, "c")).DependsOn(graph.InputFolder("folder"));
        }));
        Assert.Equal("LEAT0141", error.Code);
        Assert.Contains($"'{rig["gone"]}', which is needed by 'a', 'b'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{rig["away"]}', which is needed by 'b'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{rig["folder"]}', which is needed by 'c'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'there'", error.Message, StringComparison.Ordinal);
        Assert.False(rig.Exists("a"));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_input_that_is_an_output_is_refused()
    {
        LeatException error = await Assert.ThrowsAsync<LeatException>(() => rig.RunAsync(graph =>
        {
            graph.Files("both", [("one", "made")], paths => File.WriteAllText(paths[0], "a"));
            graph.File("b", path => File.WriteAllText(path, "b")).DependsOn(graph.InputFile("made"));
        }));
        Assert.Equal("LEAT0142", error.Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task Makers_keep_to_what_is_theirs()
    {
        JobGraph graph = rig.Graph();
        FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
        FileJob b = graph.File("b", path => File.WriteAllText(path, "b"));
        graph.Generate("foreign", made => b.DependsOn(made.File("c", path => File.WriteAllText(path, "c"))));
        InjectJob injector = graph.Inject("injector", injection => injection.Into(a, b));
        graph.File("waits", path => File.WriteAllText(path, "w")).DependsOn(injector);
        graph.File("maker", path => graph.File("inner", inner => { })).IgnoreCodeChanges();
        RunReport report = await rig.RunAsync(graph);
        Assert.Equal(["LEAT0130", "LEAT0131", "LEAT0129"], Failures(report));
        Assert.Equal(JobOutcome.Upstream, report.Jobs.Single(job => job.Job.Id.Text == "waits").Outcome);
    }

    [Fact(Timeout = 30_000)]
    public async Task An_injected_circle_fails_the_injector()
    {
        JobGraph graph = rig.Graph();
        FileJob a = graph.File("a", path => File.WriteAllText(path, "a"));
        FileJob b = graph.File("b", path => File.WriteAllText(path, "b")).DependsOn(a);
        a.DependsOn(graph.Inject("injector", injection => injection.Into(a, b)));
        graph.File("c", path => File.WriteAllText(path, "c"));
        RunReport report = await rig.RunAsync(graph);
        Assert.Equal(["LEAT0127"], Failures(report));
        Assert.Equal("c", rig.Ran);
        Assert.Equal(2, report.Count(JobOutcome.Upstream));
    }

    [Fact(Timeout = 30_000)]
    public async Task Definitions_stay_while_the_graph_runs()
    {
        JobGraph graph = rig.Graph();
        using var started = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        FileJob a = graph.File("a", path =>
        {
            started.Set();
            end.Wait();
            File.WriteAllText(path, "a");
        }).IgnoreCodeChanges();
        await using Pool pool = Pool.Threads(1);
        await using JobRun run = graph.Start(new RunOptions { Pool = pool, SharesMachine = false });
        started.Wait(TestContext.Current.CancellationToken);
        Refused("LEAT0128", () => graph.File("b", path => { }));
        Refused("LEAT0128", () => a.DependsOn(graph.Jobs[0], graph.InputFile("x")));
        Refused("LEAT0128", () => a.IgnoreCodeChanges());
        Refused("LEAT0148", () => graph.Start());
        end.Set();
        Assert.True((await run.Completion).IsSuccess);
        graph.File("b", path => { });
    }

    [Fact(Timeout = 30_000)]
    public async Task Demands_that_can_not_be_met_fail_that_job_alone()
    {
        RunReport report = await rig.RunAsync(graph =>
        {
            graph.File("large", path => { }, new JobOptions { Resources = new Resources { Cores = 1_000 } });
            graph.File("hungry", path => { }, new JobOptions { Resources = new Resources { Memory = long.MaxValue } });
            graph.File("thrown", path => throw new InvalidOperationException("LEAT0181 it is not"));
            graph.File("fine", path => File.WriteAllText(path, "x"), new JobOptions { Resources = new Resources { Cores = Cores.All } });
        });
        Assert.Equal("fine", rig.Ran);
        Assert.Equal(["LEAT0181", "LEAT0181"], Failures(report)[..2]);
        Assert.Equal(3, report.Count(JobOutcome.Failed));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_can_not_be_compared_is_told_and_can_be_left_out()
    {
        using var stream = new MemoryStream();
        RunReport report = await rig.RunAsync(graph =>
        {
            graph.File("bad", path => File.WriteAllBytes(path, stream.ToArray()));
            graph.File("good", path => File.WriteAllText(path, $"{stream.Length}")).IgnoreCodeChanges();
        });
        Assert.Equal("good", rig.Ran);
        Assert.Equal(["LEAT0183"], Failures(report));
        Assert.Contains("captured variable 'stream' (MemoryStream)", report.Failures.Single().Error!.Message, StringComparison.Ordinal);
    }

    private static string Nothing() => null!;

    private static string[] Failures(RunReport report) => [.. report.Failures.OrderBy(job => job.Job.Id.Text, StringComparer.Ordinal).Select(job => (job.Error as LeatException)?.Code ?? job.Error!.ToString())];

    private static void Refused(string code, Func<object?> action) => Assert.Equal(code, Assert.Throws<LeatException>(() => { action(); }).Code);
}
