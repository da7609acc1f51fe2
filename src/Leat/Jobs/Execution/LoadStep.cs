using Leat.Scheduling;

namespace Leat.Jobs;

/// <summary>How something is loaded.</summary>
/// <param name="Id">The name of its job.</param>
/// <param name="Inputs">The names of what the job depends on.</param>
/// <param name="Load">Loads it.</param>
/// <param name="Set">Puts it in its place, and null to clear that; null for a value that is in no place but asked for.</param>
/// <param name="Tries">How often it is tried, and for how long.</param>
internal sealed record LoadStep(string Id, IReadOnlySet<string> Inputs, Func<OutputPaths, CancellationToken, ValueTask<object?>> Load, Action<object?>? Set, LoadTries Tries)
{
    public static LoadStep Of(Job load) =>
        new(load.Id.Text, InputsOf(load), load.Body!.Invoke, (load as AttributeJob)?.Target is { } target ? target.Set : null, LoadTries.Of(load.Options));

    // A generator may be at work on the graph.
    private static HashSet<string> InputsOf(Job load)
    {
        if (load.Graph is not { } graph) return [];
        lock (graph.Gate) return load.Edges.Select(edge => edge.Job.Id.Text).ToHashSet(StringComparer.Ordinal);
    }
}

/// <summary>How often something is tried to be loaded, and for how long.</summary>
/// <param name="Timeout">After how long an attempt is given up; null for no limit.</param>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="Delay">How long to wait before the first retry; each further one waits twice as long.</param>
internal sealed record LoadTries(TimeSpan? Timeout, int Retries, TimeSpan Delay)
{
    public static LoadTries Of(JobOptions options) => new(options.Timeout, options.Retries, options.RetryDelay);

    /// <summary>How long to wait behind a failure.</summary>
    /// <param name="failures">How many there were, from 1.</param>
    public TimeSpan DelayBehind(int failures) => new Backoff(Delay).Behind(failures);
}
