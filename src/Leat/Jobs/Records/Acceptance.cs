using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Somebody says that the outputs of a job are good as they are.</summary>
internal static class Acceptance
{
    /// <summary>The record that says so.</summary>
    /// <param name="node">The job, whose inputs are settled.</param>
    /// <param name="unknown">The inputs that are not.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="LeatException">It makes no files, an input is out of date, or an output is missing or empty.</exception>
    public static LedgerRecord Of(JobNode node, IReadOnlyList<JobId> unknown, string reason)
    {
        if (!Definition.MakesFiles(node.Job)) throw JobErrors.NothingToAccept(node.Job);
        if (node.Error is { } error) throw error;
        if (unknown.Count > 0) throw JobErrors.NotAcceptable(node.Job, unknown);
        OutputPaths outputs = node.Job.Outputs;
        var files = new RecordedFile[outputs.Count];
        for (int i = 0; i < files.Length; i++)
        {
            if (FileStamp.Of(outputs[i]) is not { } stamp) throw JobErrors.OutputNotMade(node.Job, [outputs.Names[i]]);
            if (stamp.Size == 0 && !node.Job.Options.AllowEmpty) throw JobErrors.OutputEmpty(node.Job, [outputs.Names[i]]);
            files[i] = new RecordedFile(node.Job.Graph!.IdOfPath(outputs[i]), stamp, FileContent.DigestOf(outputs[i]));
        }

        return new LedgerRecord
        {
            Job = node.Job.Id.Text,
            Run = "accept",
            Kind = LedgerKind.Accepted,
            Started = TimeProvider.System.GetUtcNow(),
            Time = node.Expected,
            Attempts = 0,
            Machine = Environment.MachineName,
            Message = LedgerText.Of($"accepted as it is by {Environment.UserName}{(reason.Length > 0 ? $": {reason}" : "")}"),
            State = new JobState(node.Job.Kind, node.Code, files, OutOfDate.Seen(node), []).ToBytes(),
        };
    }
}
