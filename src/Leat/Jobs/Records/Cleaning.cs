using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Removes what jobs have made.</summary>
internal static class Cleaning
{
    /// <summary>The files that jobs have left, and that are as they left them.</summary>
    public static IEnumerable<(string Job, List<string> Files)> Find(JobGraph graph, ILedgerReader ledger, IReadOnlyCollection<Job> jobs)
    {
        IEnumerable<string> names = jobs.Count > 0 ? jobs.Select(job => job.Id.Text) : ledger.Good.Keys;
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            if (!ledger.Good.TryGetValue(name, out LedgerRecord? record) || JobState.TryRead(record.State.Span) is not { } state || !Definition.MakesFiles(state.Kind)) continue;
            yield return (name, [.. state.Outputs.Where(output => IsAsLeft(graph, output)).Select(output => PathOf(graph, output))]);
        }
    }

    public static async Task<IReadOnlyList<string>> CleanAsync(JobGraph graph, ILedgerSession ledger, IReadOnlyCollection<Job> jobs, CancellationToken cancellationToken)
    {
        List<string> removed = [];
        foreach ((string job, List<string> files) in Find(graph, ledger, jobs))
        {
            foreach (string file in files)
            {
                File.Delete(file);
                removed.Add(file);
            }

            var record = new LedgerRecord { Job = job, Run = "clean", Kind = LedgerKind.Forgotten, Started = TimeProvider.System.GetUtcNow(), Machine = Environment.MachineName };
            await ledger.AppendAsync(record, cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    private static string PathOf(JobGraph graph, RecordedFile output) => Path.GetFullPath(output.Path, graph.Folder);

    private static bool IsAsLeft(JobGraph graph, RecordedFile output)
    {
        string path = PathOf(graph, output);
        return FileStamp.Of(path) is { } stamp && (stamp == output.Stamp || (stamp.Size == output.Stamp.Size && FileContent.DigestOf(path) == output.Content));
    }
}
