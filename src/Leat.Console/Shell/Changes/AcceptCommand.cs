using System.Text.Json;

namespace Leat.Shell;

/// <summary><c>--accept JOB…</c>: outputs that are as they are to be, whoever made them.</summary>
internal sealed class AcceptCommand(JobGraph graph, ShellConsole console)
{
    public async Task<int> RunAsync(ShellArguments arguments)
    {
        IReadOnlyList<Job> jobs = TargetFinder.FindJobs(graph, arguments.Names);
        // What others of them need comes first: a job with an input that is out of date is refused.
        RunPlan plan = await graph.PlanAsync(new RunOptions { Targets = jobs });
        HashSet<Job> wanted = [.. jobs];
        List<JobId> accepted = [];
        try
        {
            foreach (PlannedJob each in plan.Jobs)
            {
                if (!wanted.Contains(each.Job)) continue;
                await graph.AcceptAsCurrentAsync(each.Job, arguments.Reason);
                accepted.Add(each.Job.Id);
            }
        }
        finally
        {
            // Those before one that is refused are accepted.
            Tell(accepted, arguments);
        }

        return ExitCode.Success;
    }

    private void Tell(List<JobId> accepted, ShellArguments arguments)
    {
        if (arguments.IsJson) JsonPage.Document(console.Output, writer => WriteJson(writer, accepted, arguments.Reason));
        else foreach (JobId job in accepted) console.Page.Line($"'{job}' counts as up to date.");
    }

    private static void WriteJson(Utf8JsonWriter writer, List<JobId> accepted, string reason)
    {
        writer.WriteStartArray("accepted");
        foreach (JobId job in accepted) writer.WriteStringValue(job.Text);
        writer.WriteEndArray();
        writer.WriteString("reason", reason);
    }
}
