namespace Leat.Pools;

/// <summary>All who want to know what becomes of a launcher's machines: a pool, and those that share its launcher.</summary>
internal sealed class LauncherWatchers : ILauncherWatcher
{
    private readonly Lock gate = new();
    private ILauncherWatcher[] all = [];

    public void Add(ILauncherWatcher watcher)
    {
        lock (gate) all = [.. all, watcher];
    }

    public void Remove(ILauncherWatcher watcher)
    {
        lock (gate) all = [.. all.Where(each => each != watcher)];
    }

    public void OnPlacesChanged() => Array.ForEach(Volatile.Read(ref all), static watcher => watcher.OnPlacesChanged());

    public bool OnHopeless(Exception error)
    {
        bool hasFailed = false;
        foreach (ILauncherWatcher watcher in Volatile.Read(ref all)) hasFailed |= watcher.OnHopeless(error);
        return hasFailed;
    }

    public void OnTold(string text)
    {
        // Once is enough: the pool comes first.
        if (Volatile.Read(ref all) is [var first, ..]) first.OnTold(text);
    }

    public int Waiting => Volatile.Read(ref all).Sum(watcher => watcher.Waiting);

    public WorkerUse UseOf(Predicate<WorkerConnection> which) => Volatile.Read(ref all).Aggregate(default(WorkerUse), (use, watcher) => use.And(watcher.UseOf(which)));

    public void Retire(Predicate<WorkerConnection> which) => Array.ForEach(Volatile.Read(ref all), watcher => watcher.Retire(which));
}
