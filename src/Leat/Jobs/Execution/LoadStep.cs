namespace Leat.Jobs;

/// <summary>How something is loaded.</summary>
/// <param name="Id">The name of its job.</param>
/// <param name="Inputs">The names of what the job depends on.</param>
/// <param name="Load">Loads it.</param>
/// <param name="Set">Puts it in its place, and null to clear that; null for a value that is in no place but asked for.</param>
/// <param name="Timeout">After how long it is given up; null for no limit.</param>
internal sealed record LoadStep(string Id, IReadOnlySet<string> Inputs, Func<OutputPaths, CancellationToken, ValueTask<object?>> Load, Action<object?>? Set, TimeSpan? Timeout)
{
    public static LoadStep Of(Job load) =>
        new(load.Id.Text, InputsOf(load), load.Body!.Invoke, (load as AttributeJob)?.Target is { } target ? target.Set : null, load.Options.Timeout);

    // A generator may be at work on the graph.
    private static HashSet<string> InputsOf(Job load)
    {
        if (load.Graph is not { } graph) return [];
        lock (graph.Gate) return load.Edges.Select(edge => edge.Job.Id.Text).ToHashSet(StringComparer.Ordinal);
    }
}
