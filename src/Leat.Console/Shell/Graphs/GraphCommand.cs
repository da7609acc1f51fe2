using Leat.Storage;

namespace Leat.Shell;

/// <summary><c>--graph</c>, of all jobs or of the targets and what they need.</summary>
internal sealed class GraphCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        IReadOnlyList<IJobInput> targets = TargetFinder.Find(graph, arguments.Names);
        (RunPlan? plan, IReadOnlyDictionary<string, LedgerRecord> latest) = await StatesAsync(targets);
        var view = GraphView.Of(graph, [.. targets.Select(target => target.Job)], plan, latest);
        switch (arguments.Format)
        {
            case GraphFormat.Dot:
                DotGraph.Write(console.Output, view);
                break;
            case GraphFormat.Json:
                JsonPage.Document(console.Output, writer => JsonGraph.Write(writer, view));
                break;
            default:
                MermaidGraph.Write(console.Output, view);
                break;
        }

        return ExitCode.Success;
    }

    // A graph that can't run is what people want to see most: a circle, a file that is missing.
    private async Task<(RunPlan? Plan, IReadOnlyDictionary<string, LedgerRecord> Latest)> StatesAsync(IReadOnlyList<IJobInput> targets)
    {
        try
        {
            return (await graph.PlanAsync(new RunOptions { Targets = targets }), await graph.LatestAsync());
        }
        catch (LeatException error)
        {
            await console.Error.WriteLineAsync($"The graph is shown without states. {error.Message}");
            return (null, new Dictionary<string, LedgerRecord>());
        }
    }
}
