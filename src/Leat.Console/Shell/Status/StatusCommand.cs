namespace Leat.Shell;

/// <summary><c>--status</c>, of all jobs or of the targets and what they need.</summary>
internal sealed class StatusCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        RunPlan plan = await graph.PlanAsync(new RunOptions { Targets = TargetFinder.Find(graph, arguments.Names) });
        var status = StatusView.Of(graph, plan, await graph.LatestAsync());
        if (arguments.IsJson) JsonPage.Document(console.Output, writer => StatusJson.Write(writer, status));
        else StatusText.Write(console.Page, status);
        return ExitCode.Success;
    }
}
