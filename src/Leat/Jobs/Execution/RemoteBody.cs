using Leat.Code;

namespace Leat.Jobs;

/// <summary>What a job does, in the process that has loaded data.</summary>
/// <param name="Id">The name of the job.</param>
/// <param name="Invoke">Does it.</param>
/// <param name="Load">How it is loaded; null for a job that uses what others load.</param>
internal sealed record RemoteBody(string Id, Func<OutputPaths, CancellationToken, ValueTask<object?>> Invoke, LoadStep? Load)
{
    /// <summary>Makes a function that gives the bodies of jobs in another process, and can travel there.</summary>
    public static Func<List<RemoteBody>> Of(ReadOnlySpan<Job> jobs)
    {
        switch (jobs)
        {
            case []:
                return static () => [];
            case [var job]:
                return job.Kind == JobKind.Load ? OfLoad(LoadStep.Of(job), (job as AttributeJob)?.Target) : OfUser(job.Id.Text, job.Body!.Invoke);
            default:
                // As a tree, so that many are not deep.
                return Both(Of(jobs[..(jobs.Length / 2)]), Of(jobs[(jobs.Length / 2)..]));
        }
    }

    private static Func<List<RemoteBody>> Both(Func<List<RemoteBody>> first, Func<List<RemoteBody>> second) => () => [.. first(), .. second()];

    private static Func<List<RemoteBody>> OfUser(string id, Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) => () => [new RemoteBody(id, invoke, null)];

    private static Func<List<RemoteBody>> OfLoad(LoadStep step, AttributeTarget? target)
    {
        string[] inputs = [.. step.Inputs];
        return (target, target?.Owner) switch
        {
            (null, _) => OfLoad(step.Id, inputs, step.Tries, step.Load, null),
            (_, null) => OfLoad(step.Id, inputs, step.Tries, step.Load, SetStatic(target.Type.AssemblyQualifiedName!, target.Name)),
            (_, { } owner) => OfLoad(step.Id, inputs, step.Tries, step.Load, Set(new SharedReference(owner), target.Type.AssemblyQualifiedName!, target.Name)),
        };
    }

    private static Func<List<RemoteBody>> OfLoad(string id, string[] inputs, LoadTries tries, Func<OutputPaths, CancellationToken, ValueTask<object?>> load, Action<object?>? set) =>
        () => [new RemoteBody(id, load, new LoadStep(id, inputs.ToHashSet(StringComparer.Ordinal), load, set, tries))];

    private static Action<object?> Set(SharedReference owner, string type, string name) => value => new AttributeTarget(owner.Target, Type.GetType(type, throwOnError: true)!, name).Set(value);

    private static Action<object?> SetStatic(string type, string name) => value => new AttributeTarget(null, Type.GetType(type, throwOnError: true)!, name).Set(value);
}
