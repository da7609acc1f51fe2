namespace Leat.Jobs;

/// <summary>The folder of a run, under <c>.leat/runs</c>: made when the first job of it runs.</summary>
/// <param name="graph">The graph.</param>
/// <param name="run">The id of the run.</param>
internal sealed class RunFolder(JobGraph graph, string run)
{
    private const int LongestName = 100;

    private readonly Lock gate = new();
    private bool exists;

    public string Path { get; } = System.IO.Path.Combine(graph.StateFolder, "runs", run);

    /// <summary>The file for what a job writes.</summary>
    public string LogOf(Job job) => LogOf(Open(), job.Id);

    /// <summary>Makes the folder, if it is not there yet.</summary>
    /// <returns>Its path.</returns>
    public string Open()
    {
        lock (gate)
        {
            if (exists) return Path;
            Directory.CreateDirectory(System.IO.Path.Combine(Path, "logs"));
            RemoveOld();
            exists = true;
            return Path;
        }
    }

    /// <summary>The file for what a job writes, in the folder of some run.</summary>
    public static string LogOf(string folder, JobId job)
    {
        // Readable, and unique where letters had to be replaced.
        string name = string.Concat(job.Text.Select(each => char.IsAsciiLetterOrDigit(each) || each is '.' or '-' or '_' ? each : '_'));
        if (name != job.Text || name.Length > LongestName) name = $"{name[..Math.Min(name.Length, LongestName)]}-{Leat.Encoding.Digest.OfText(job.Text).ToString()[..8]}";
        return System.IO.Path.Combine(folder, "logs", $"{name}.log");
    }

    private void RemoveOld()
    {
        string[] all = Directory.GetDirectories(System.IO.Path.Combine(graph.StateFolder, "runs"));
        // Their names begin with their times.
        Array.Sort(all, StringComparer.Ordinal);
        for (int i = 0; i < all.Length - Math.Max(1, graph.Options.KeptRuns); i++) Workspace.TryDelete(all[i]);
    }
}
