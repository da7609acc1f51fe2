using System.Collections.Concurrent;
using Leat.Encoding;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>A call of an action on its way to a worker process.</summary>
/// <param name="Job">The name of its job.</param>
/// <param name="Inputs">The names of what the job depends on; null when the action may use everything.</param>
/// <param name="Names">The names of the job's outputs.</param>
/// <param name="Paths">Where it writes them.</param>
/// <param name="Variables">Environment variables for it.</param>
[Codec(typeof(ActionItemCodec))]
internal sealed record ActionItem(string Job, string[]? Inputs, string[] Names, string[] Paths, KeyValuePair<string, string>[] Variables)
{
    /// <summary>How the files of the author's machine look where it runs; null where they are the same.</summary>
    public HostView? View { get; init; }

    /// <summary>Where it runs, if not where its process does.</summary>
    public string? Folder { get; init; }

    public static ActionItem Of(ActionCall call) =>
        new(call.Job.Id.Text, call.Inputs is null ? null : [.. call.Inputs], [.. call.Paths.Names], call.View?.Map(call.Paths) ?? call.Paths.ToArray(), [.. call.Variables])
        {
            View = call.View,
            Folder = call.View?.Folder,
        };

    /// <summary>Does what it is the call of, in this process.</summary>
    /// <param name="invoke">The body of the job.</param>
    /// <param name="values">What was loaded for it.</param>
    /// <param name="cancellationToken">Asks it to end.</param>
    public async ValueTask RunAsync(Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke, ConcurrentDictionary<string, object> values, CancellationToken cancellationToken)
    {
        if (View is not null) PrivateFolder.Hold(View.Root);
        JobScope.Enter(new JobScope(Job, Inputs?.ToHashSet(StringComparer.Ordinal), values));
        try
        {
            await invoke(new OutputPaths(Names, Paths), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (View is not null && error is (FileNotFoundException or DirectoryNotFoundException))
        {
            throw ExecutionErrors.NotDeclared(Job, View.Host, error.Message.Replace(View.Root, "", StringComparison.Ordinal), error);
        }
    }
}

/// <summary>An action in a worker process that it has for itself.</summary>
internal sealed class IsolatedAction(Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) : PoolTask<ActionItem, bool>
{
    public override bool NeedsDisposal => false;

    /// <summary>Makes what a worker process runs.</summary>
    public static Func<PoolTask<ActionItem, bool>> TaskOf(Func<OutputPaths, CancellationToken, ValueTask<object?>> invoke) => () => new IsolatedAction(invoke);

#pragma warning disable RS0030 // The process is the action's alone, and relative paths are to lead where they lead here.
    private static void EnterFolder(string folder) => Directory.SetCurrentDirectory(folder);
#pragma warning restore RS0030

    public override async ValueTask RunAsync(ActionItem item, ITaskOutput<bool> output, CancellationToken cancellationToken)
    {
        foreach ((string name, string value) in item.Variables) ProcessEnvironment.Set(name, value);
        if (item.Folder is { } folder) EnterFolder(folder);
        await item.RunAsync(invoke, new(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
        await output.AddAsync(true).ConfigureAwait(false);
    }
}
