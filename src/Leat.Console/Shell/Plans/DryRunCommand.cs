namespace Leat.Shell;

/// <summary><c>--dry-run</c>: shows what would run, and on demand runs that and nothing else.</summary>
internal sealed class DryRunCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        await using Pool? pool = arguments.Pool?.Create();
        RunOptions options = RunCommand.OptionsOf(graph, arguments, pool);
        RunPlan plan = await graph.PlanAsync(options);
        var view = PlanView.Of(plan);
        // A run prints events, and they say all that the plan would.
        bool runs = arguments.IsYes && !view.ToRun.IsEmpty;
        if (!arguments.IsJson) PlanText.Write(console.Page, view);
        else if (!runs) JsonPage.Document(console.Output, writer => PlanJson.Write(writer, view));
        if (view.ToRun.IsEmpty) return ExitCode.Success;
        if (!runs)
        {
            if (!console.CanAsk || arguments.IsJson) return ExitCode.Success;
            console.Page.Line();
            if (!console.Confirm("Run it?")) return ExitCode.Success;
        }

        await console.Output.FlushAsync();
        return await new RunCommand(graph, console).RunAsync(options with { Plan = plan }, arguments);
    }
}
