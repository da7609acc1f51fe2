using Leat.Storage;

namespace Leat.Shell;

/// <summary><c>--why JOB</c>.</summary>
internal sealed class WhyCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        IReadOnlyList<Job> jobs = TargetFinder.FindJobs(graph, arguments.Names);
        // All of the graph: a job's own reasons may come from those who need it.
        RunPlan plan = await graph.PlanAsync();
        await using ILedgerReader ledger = await graph.OpenLedgerAsync();
        List<WhyView> views = [];
        foreach (Job job in jobs) views.Add(WhyView.Of(plan, job, await ledger.HistoryAsync(job.Id.Text), graph.FindLog(job.Id)));
        if (arguments.IsJson)
        {
            JsonPage.Document(console.Output, writer => WhyJson.Write(writer, views));
            return ExitCode.Success;
        }

        TextPage page = console.Page;
        for (int i = 0; i < views.Count; i++)
        {
            if (i > 0) page.Line();
            WhyText.Write(page, views[i]);
        }

        return ExitCode.Success;
    }
}
