namespace Leat.Jobs;

/// <summary>The files that a job has declared as its inputs.</summary>
internal static class JobFiles
{
    /// <summary>Those that a job may read, and that the loads may that it needs.</summary>
    /// <param name="node">The job.</param>
    /// <param name="loads">What is loaded for it.</param>
    /// <param name="state">The graph's own folder, which holds no inputs.</param>
    public static HostInputs Of(JobNode node, IReadOnlyList<Job> loads, string state)
    {
        HashSet<string> files = new(StringComparer.Ordinal), folders = new(StringComparer.Ordinal);
        foreach (NodeEdge edge in node.Inputs) Add(edge.Node.Job, edge.Output);
        foreach (Job load in loads)
        {
            JobEdge[] edges;
            lock (load.Graph!.Gate) edges = [.. load.Edges];
            foreach (JobEdge edge in edges) Add(edge.Job, edge.Output);
        }

        return new HostInputs([.. files], [.. folders]);

        void Add(Job job, int output)
        {
            if (job is InputFolderJob folder)
            {
                folders.Add(folder.Outputs[0]);
                files.UnionWith(FolderFiles.In(folder.Outputs[0], folder.Pattern, folder.IsRecursive).Where(path => !path.StartsWith(state + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
            }
            else if (Definition.MakesFiles(job) || job.Kind is JobKind.InputFile or JobKind.InputFiles)
            {
                files.UnionWith(output < 0 ? job.Outputs : [job.Outputs[output]]);
            }
        }
    }
}

/// <summary>What is sent to a machine for a job.</summary>
/// <param name="Files">The whole paths of files.</param>
/// <param name="Folders">The whole paths of folders, which are there even if there is nothing in them.</param>
internal sealed record HostInputs(IReadOnlyList<string> Files, IReadOnlyList<string> Folders)
{
    /// <summary>All paths.</summary>
    public IEnumerable<string> All => Files.Concat(Folders);
}
