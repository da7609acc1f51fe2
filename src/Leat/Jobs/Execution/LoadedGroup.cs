using System.Collections.Concurrent;
using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// In the process that has loaded data: the bodies of the jobs that need it, and what was loaded. Several actions run here at the same time, and
/// share the process: its current directory, its environment and all statics. What flows with them, as a culture does, is each one's own.
/// </summary>
internal sealed class LoadedGroup
{
    private readonly ConcurrentDictionary<string, RemoteBody> bodies = new(StringComparer.Ordinal);
    private readonly LoadedValues loaded = new();

    /// <summary>That of this process.</summary>
    public static LoadedGroup Current { get; } = new();

    public ConcurrentDictionary<string, object> Values => loaded.Values;

    /// <summary>Gets to know jobs, unless they are known.</summary>
    public void Add(IEnumerable<RemoteBody> more)
    {
        foreach (RemoteBody body in more) bodies.TryAdd(body.Id, body);
    }

    public RemoteBody Find(string id) => bodies.TryGetValue(id, out RemoteBody? body) ? body : throw ExecutionErrors.UnknownThere(id);

    public Task LoadAsync(IEnumerable<string> ids, CancellationToken cancellationToken) => loaded.LoadAsync(ids.Select(id => Find(id).Load!), cancellationToken);

    public void Unload(string id) => loaded.Unload(id, Find(id).Load!.Set);
}

/// <summary>Brings the bodies of jobs to the process that has loaded data; there are no items for it.</summary>
internal sealed class LoadedGroupTask : PoolTask<bool, bool>
{
    private LoadedGroupTask(Func<List<RemoteBody>> bodies) => LoadedGroup.Current.Add(bodies());

    public override bool NeedsDisposal => false;

    public static Func<PoolTask<bool, bool>> TaskOf(Func<List<RemoteBody>> bodies) => () => new LoadedGroupTask(bodies);

    public override ValueTask RunAsync(bool item, ITaskOutput<bool> output, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>What the process that has loaded data is to do.</summary>
internal enum LoadedOrder : byte
{
    /// <summary>Load something.</summary>
    Load,

    /// <summary>Run an action.</summary>
    Run,

    /// <summary>Let go of something.</summary>
    Unload,
}

/// <summary>Something for the process that has loaded data.</summary>
/// <param name="Order">What it is to do.</param>
/// <param name="Loads">What is to be loaded, or was needed to be; or what is let go of.</param>
/// <param name="Action">The action to run; null for none.</param>
internal sealed record LoadedItem(LoadedOrder Order, string[] Loads, ActionItem? Action);

/// <summary>Does something in the process that has loaded data.</summary>
internal sealed class LoadedTask(Func<List<RemoteBody>> more) : PoolTask<LoadedItem, bool>
{
    public override bool NeedsDisposal => false;

    /// <summary>Makes what the process runs.</summary>
    /// <param name="more">Jobs that it may not know yet.</param>
    public static Func<PoolTask<LoadedItem, bool>> TaskOf(Func<List<RemoteBody>> more) => () => new LoadedTask(more);

    public override async ValueTask RunAsync(LoadedItem item, ITaskOutput<bool> output, CancellationToken cancellationToken)
    {
        LoadedGroup group = LoadedGroup.Current;
        group.Add(more());
        if (item.Order == LoadedOrder.Unload)
        {
            foreach (string id in item.Loads) group.Unload(id);
        }
        else
        {
            await group.LoadAsync(item.Loads, cancellationToken).ConfigureAwait(false);
            if (item.Action is { } action) await OnOwnThreadAsync(() => action.RunAsync(group.Find(action.Job).Invoke, group.Values, cancellationToken).AsTask()).ConfigureAwait(false);
        }

        await output.AddAsync(true).ConfigureAwait(false);
    }

    // It may block, and the thread pool's threads are few.
    private static Task OnOwnThreadAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
}
