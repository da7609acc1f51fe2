namespace Leat.Pools;

// Several pools as one: their launchers together have the workers of a single scheduler.
internal sealed partial class ProcessPool
{
    private bool isPart;

    /// <summary>One pool over the launchers of several.</summary>
    /// <exception cref="ArgumentException">One of them was used, or is part of a combination.</exception>
    public static ProcessPool Combine(IReadOnlyList<ProcessPool> pools)
    {
        (IWorkerLauncher Launcher, int Size, WorkerOutputs Outputs)[] parts = [.. pools.Select(static pool => pool.BecomePart())];
        return new ProcessPool(parts.Sum(part => part.Size), new CombinedLauncher(parts), pools[0].outputs);
    }

    private (IWorkerLauncher Launcher, int Size, WorkerOutputs Outputs) BecomePart()
    {
        lock (gate)
        {
            if (disposed) throw RemoteErrors.NotCombinable("one of them was disposed");
            if (isPart) throw RemoteErrors.NotCombinable("one of them is part of another combination");
            if (sessions.Count > 0 || links.Count > 0 || starting > 0) throw RemoteErrors.NotCombinable("one of them has been used already");
            isPart = true;
            launcher.Watchers?.Remove(this);
            return (launcher, Size, outputs);
        }
    }
}
