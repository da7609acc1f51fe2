namespace Leat.Shell;

/// <summary>Finds the jobs that the command line names.</summary>
internal static class TargetFinder
{
    /// <summary>The jobs and outputs of these names, paths and patterns, each once.</summary>
    /// <exception cref="LeatException">There is none of that name.</exception>
    public static IReadOnlyList<IJobInput> Find(JobGraph graph, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return [];
        List<IJobInput> found = [];
        // Outputs of one job are made anew each time that they are found, and so are compared by name.
        HashSet<(JobId, string)> known = [];
        foreach (string name in names)
        {
            // A job's own name may have a star in it.
            IReadOnlyList<IJobInput> inputs = graph.TryFind(name, out IJobInput? one) ? [one] : FindMany(graph, name);
            foreach (IJobInput input in inputs)
            {
                if (known.Add((input.Job.Id, (input as JobOutput)?.Name ?? ""))) found.Add(input);
            }
        }

        return found;
    }

    /// <summary>The jobs of these names, each once.</summary>
    public static IReadOnlyList<Job> FindJobs(JobGraph graph, IReadOnlyList<string> names) =>
        [.. Find(graph, names).Select(input => input.Job).Distinct()];

    private static List<IJobInput> FindMany(JobGraph graph, string name)
    {
        IReadOnlyList<Job> jobs = graph.Jobs;
        if (!name.Contains('*', StringComparison.Ordinal))
        {
            IEnumerable<string> names = jobs.Select(job => job.Id.Text).Concat(jobs.SelectMany(OutputsOf).Select(output => PathOf(graph, output)));
            throw ShellErrors.UnknownTarget(name, NearestNames.Of(name, names), jobs.Count);
        }

        var pattern = new Pattern(name);
        List<IJobInput> matches = [];
        foreach (Job job in jobs)
        {
            if (pattern.Matches(job.Id.Text)) matches.Add(job);
            else matches.AddRange(OutputsOf(job).Where(output => pattern.Matches(PathOf(graph, output))));
        }

        return matches.Count > 0 ? matches : throw ShellErrors.NoMatch(name);
    }

    // All others are called as their files are.
    private static IEnumerable<JobOutput> OutputsOf(Job job) => job switch
    {
        FilesJob files => files.Paths.Names.Select(name => files[name]),
        CommandJob command => command.Paths.Names.Select(name => command[name]),
        _ => [],
    };

    private static string PathOf(JobGraph graph, JobOutput output) => Path.GetRelativePath(graph.Folder, output.Path).Replace('\\', '/');
}
