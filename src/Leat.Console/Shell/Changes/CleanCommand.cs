namespace Leat.Shell;

/// <summary><c>--clean</c>: removes what jobs have made, after having said what that is.</summary>
internal sealed class CleanCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        // No name means all, but names that match nothing are refused.
        IReadOnlyList<Job> jobs = TargetFinder.FindJobs(graph, arguments.Names);
        IReadOnlyList<string> files = await graph.CleanAsync(jobs, dryRun: true);
        if (!arguments.IsJson) CleanText.Write(console.Page, new CleanView(graph.Folder, files));
        if (arguments.IsYes || files.Count == 0 || Asked(arguments))
        {
            IReadOnlyList<string> removed = await graph.CleanAsync(jobs);
            var done = new CleanView(graph.Folder, removed) { IsDone = true };
            if (arguments.IsJson) JsonPage.Document(console.Output, writer => CleanJson.Write(writer, done));
            else if (files.Count > 0) CleanText.Write(console.Page, done);
            return ExitCode.Success;
        }

        if (arguments.IsJson) JsonPage.Document(console.Output, writer => CleanJson.Write(writer, new CleanView(graph.Folder, files)));
        return console.CanAsk && !arguments.IsJson ? ExitCode.Success : throw ShellErrors.NeedsYes();
    }

    private bool Asked(ShellArguments arguments) => console.CanAsk && !arguments.IsJson && console.Confirm("Remove them?");
}
