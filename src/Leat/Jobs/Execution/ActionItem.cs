using Leat.Pools;

namespace Leat.Jobs;

/// <summary>A call of an action on its way to a worker process.</summary>
/// <param name="Job">The name of its job.</param>
/// <param name="Inputs">The names of what the job depends on; null when the action may use everything.</param>
/// <param name="Names">The names of the job's outputs.</param>
/// <param name="Paths">Where it writes them.</param>
/// <param name="Variables">Environment variables for it.</param>
internal sealed record ActionItem(string Job, string[]? Inputs, string[] Names, string[] Paths, KeyValuePair<string, string>[] Variables)
{
    public static ActionItem Of(ActionCall call) =>
        new(call.Job.Id.Text, call.Inputs is null ? null : [.. call.Inputs], [.. call.Paths.Names], call.Paths.ToArray(), [.. call.Variables]);
}

/// <summary>An action in a worker process that it has for itself.</summary>
internal sealed class IsolatedAction(Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) : PoolTask<ActionItem, bool>
{
    public override bool NeedsDisposal => false;

    /// <summary>Makes what a worker process runs.</summary>
    public static Func<PoolTask<ActionItem, bool>> TaskOf(Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) => () => new IsolatedAction(invoke);

    public override async ValueTask RunAsync(ActionItem item, ITaskOutput<bool> output, CancellationToken cancellationToken)
    {
        foreach ((string name, string value) in item.Variables) ProcessEnvironment.Set(name, value);
        JobScope.Enter(new JobScope(item.Job, item.Inputs?.ToHashSet(StringComparer.Ordinal), new(StringComparer.Ordinal)));
        await invoke(new OutputPaths(item.Names, item.Paths), cancellationToken).ConfigureAwait(false);
        await output.AddAsync(true).ConfigureAwait(false);
    }
}
