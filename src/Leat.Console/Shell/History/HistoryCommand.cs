using Leat.Storage;

namespace Leat.Shell;

/// <summary><c>--history JOB</c>, also of a job that is not in the graph any more.</summary>
internal sealed class HistoryCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        string name = arguments.Names[0];
        JobId job = graph.TryFind(name, out IJobInput? input) ? input.Job.Id : new JobId(name);
        IReadOnlyList<LedgerRecord> records = job.Text.Length == 0 ? [] : await graph.HistoryAsync(job);
        // Throws if nobody has ever heard of it.
        if (records.Count == 0 && input is null) TargetFinder.Find(graph, [name]);
        if (arguments.IsJson) JsonPage.Document(console.Output, writer => HistoryJson.Write(writer, job, records));
        else HistoryText.Write(console.Page, job, records);
        return ExitCode.Success;
    }
}
