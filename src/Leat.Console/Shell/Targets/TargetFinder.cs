using System.IO.Enumeration;

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

    private static List<Job> FindMany(JobGraph graph, string name)
    {
        IReadOnlyList<Job> jobs = graph.Jobs;
        if (!name.Contains('*', StringComparison.Ordinal)) throw ShellErrors.UnknownTarget(name, NearestNames.Of(name, jobs.Select(job => job.Id.Text)), jobs.Count);
        string pattern = Escaped(name);
        List<Job> matches = [.. jobs.Where(job => FileSystemName.MatchesSimpleExpression(pattern, job.Id.Text, ignoreCase: false))];
        return matches.Count > 0 ? matches : throw ShellErrors.NoMatch(name);
    }

    // Only the star is special here.
    private static string Escaped(string pattern) =>
        pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
