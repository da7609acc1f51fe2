using Leat.Pools;

namespace Leat.Jobs;

/// <summary>
/// The one process of this machine that has loaded data, as this program sees it. What is known of jobs when it is made travels to it together,
/// so that an object whose attribute is loaded is one and the same for all of them.
/// </summary>
internal sealed class LoadedProcess
{
    // A load that loses its process so often is to blame, whoever has killed it.
    private const int MostKills = 3;

    private readonly Lock gate = new();
    private readonly ProcessPool pool;
    private readonly bool forgivesKills;
    private readonly HostView? view;
    private readonly PoolSession group;
    private readonly HashSet<string> known;
    private readonly HashSet<Job> tried;
    private readonly Dictionary<string, Task> loads = new(StringComparer.Ordinal);
    private int users;
    private bool isOld;

    /// <summary>Makes one; its process starts when there is something for it.</summary>
    /// <param name="source">The pool whose workers' kind it is.</param>
    /// <param name="jobs">What is known of jobs.</param>
    /// <param name="view">How this machine's files look there; null where they are the same.</param>
    /// <param name="forgivesKills">True when a process that somebody kills while it loads costs nothing, and another one loads.</param>
    public LoadedProcess(ProcessPool source, IReadOnlyCollection<Job> jobs, HostView? view, bool forgivesKills)
    {
        this.view = view;
        this.forgivesKills = forgivesKills;
        pool = source.OpenSibling();
        tried = [.. jobs];
        (group, known) = Encode([.. jobs]);
    }

    /// <summary>How this machine's files look there.</summary>
    public HostView? View => view;

    /// <summary>True if it knows a job, or if that can be sent later: it has nothing to do with objects that others have, too.</summary>
    public bool CanRun(ActionCall call) => call.Loads.Append(call.Job).All(tried.Contains) || !call.Loads.Any(load => load is AttributeJob);

    /// <summary>Keeps it until <see cref="Leave"/>.</summary>
    public void Use() => Interlocked.Increment(ref users);

    public void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0 && Volatile.Read(ref isOld)) _ = DisposeAsync().AsTask();
    }

    /// <summary>Another one takes its place: it ends when nobody uses it.</summary>
    public void Replace()
    {
        Use();
        Volatile.Write(ref isOld, true);
        Leave();
    }

    /// <summary>Loads, one behind the other, what is not loaded yet. What can't be loaded is not tried again.</summary>
    /// <param name="needed">What.</param>
    /// <param name="watcher">Gets what is written meanwhile, where it is the first to need it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task LoadAsync(IReadOnlyList<Job> needed, ISessionWatcher watcher, CancellationToken cancellationToken)
    {
        foreach (Job load in needed)
        {
            Task loading;
            lock (gate)
            {
                if (!loads.TryGetValue(load.Id.Text, out loading!)) loads.Add(load.Id.Text, loading = LoadAsync(load, watcher));
            }

            await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lets something go.</summary>
    public void Unload(Job load)
    {
        lock (gate)
        {
            // One that was lost with its process is gone anyway.
            if (!loads.Remove(load.Id.Text) || pool.Stats().Workers == 0) return;
        }

        _ = UnloadAsync(load);
    }

    /// <summary>Gives it something to do.</summary>
    public LoadedWork Start(Job job, LoadedItem item, IReadOnlyList<Job> needed, ISessionWatcher watcher)
    {
        Job[] unknown = [.. needed.Append(job).Where(each => !known.Contains(each.Id.Text))];
        var options = new SessionOptions(job.Id.Text) { IsConcurrent = true, IsWhole = true, Needs = group, Watcher = watcher };
        using HostView.Scope scope = HostView.Enter(view);
        return new LoadedWork(pool.Open(options, LoadedTask.TaskOf(RemoteBody.Of(unknown))), item);
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    // A process that is lost while it loads counts as a failed attempt; others it makes itself.
    private async Task LoadAsync(Job load, ISessionWatcher watcher)
    {
        // The lock is not held any more.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var tries = LoadTries.Of(load.Options);
        var place = new LoadPlace(watcher);
        int kills = 0;
        for (int failures = 1; ; failures++)
        {
            long memoryKills = OutOfMemoryKills.Count();
            Exception? failure = await TryLoadAsync(load, place).ConfigureAwait(false);
            if (failure is null) return;
            if (failure is not WorkerLostException lost) throw failure;
            var end = ProcessEnd.Of(load.Id.Text, lost, place.Worker, memoryKills);
            if (forgivesKills && end.WasKilled && ++kills < MostKills)
            {
                failures--;
                continue;
            }

            if (failures > tries.Retries) throw ExecutionErrors.NotLoaded(load.Id.Text, end.Error);
            await Task.Delay(tries.DelayBehind(failures), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<Exception?> TryLoadAsync(Job load, ISessionWatcher watcher)
    {
        LoadedWork work;
        try
        {
            work = Start(load, new LoadedItem(LoadedOrder.Load, [load.Id.Text], null), [], watcher);
        }
        catch (LeatException error)
        {
            // It can't go to another process.
            throw ExecutionErrors.NotLoaded(load.Id.Text, error);
        }

        return (await work.Completion.ConfigureAwait(false)).Error;
    }

    private async Task UnloadAsync(Job load)
    {
        Use();
        try
        {
            await Start(load, new LoadedItem(LoadedOrder.Unload, [load.Id.Text], null), [], Nobody.Instance).Completion.ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The pool was disposed: so is what was loaded.
        }

        Leave();
    }

    // Those that can't travel stay behind, and fail when they are called; what they have captured must not keep the others here.
    private (PoolSession Group, HashSet<string> Known) Encode(Job[] jobs)
    {
        try
        {
            return (SessionOf(jobs), jobs.Select(job => job.Id.Text).ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception) when (jobs.Length > 0)
        {
            Job[] able = [.. jobs.Where(CanTravel)];
            if (able.Length == jobs.Length) throw;
            return Encode(able);
        }
    }

    private bool CanTravel(Job job)
    {
        try
        {
            _ = SessionOf([job]);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private PoolSession<bool, bool> SessionOf(Job[] jobs)
    {
        using HostView.Scope scope = HostView.Enter(view);
        object[] shared = [.. jobs.OfType<AttributeJob>().Select(job => job.Target?.Owner).OfType<object>()];
        return new PoolSession<bool, bool>(pool, new SessionOptions("loads") { IsConcurrent = true, Shared = shared }, LoadedGroupTask.TaskOf(RemoteBody.Of(jobs)));
    }

    // Where something is loaded, for those who want to know what became of it.
    private sealed class LoadPlace(ISessionWatcher watcher) : ISessionWatcher
    {
        private WorkerLink? worker;

        public WorkerLink? Worker => Volatile.Read(ref worker);

        public void OnPlaced(WorkerLink link)
        {
            Volatile.Write(ref worker, link);
            watcher.OnPlaced(link);
        }

        public void OnOutput(string text) => watcher.OnOutput(text);
    }

    private sealed class Nobody : ISessionWatcher
    {
        public static readonly Nobody Instance = new();

        public void OnPlaced(WorkerLink link)
        {
        }

        public void OnOutput(string text)
        {
        }
    }
}

/// <summary>Something that the process with loaded data does.</summary>
internal sealed class LoadedWork
{
    private readonly PoolSession<LoadedItem, bool> session;
    private readonly SingleItem<LoadedItem, bool> work;

    public LoadedWork(PoolSession<LoadedItem, bool> session, LoadedItem item)
    {
        this.session = session;
        work = new SingleItem<LoadedItem, bool>(session, item);
        Completion = WaitAsync();
    }

    /// <summary>Completes when it is done, with how.</summary>
    public Task<(OutcomeState State, Exception? Error)> Completion { get; }

    /// <summary>Ends it: what does not heed its token, with the process.</summary>
    public void Cancel() => work.Cancel();

    private async Task<(OutcomeState State, Exception? Error)> WaitAsync()
    {
        await work.Ended.ConfigureAwait(false);
        OutcomeState state = work.Take(out _, out Exception? error);
        _ = session.Pool.CloseAsync(session);
        return (state, error);
    }
}
