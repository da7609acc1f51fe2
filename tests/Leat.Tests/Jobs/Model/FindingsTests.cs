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
}
