namespace Leat.Pools;

// A worker in which several pieces are worked on at the same time, because all of them need what is in its memory.
internal sealed partial class ProcessPool
{
    private readonly List<ProcessPool> siblings = [];
    private CancellationTokenRegistration withParent;

    /// <summary>A pool of one worker, for concurrent sessions alone, that ends with this one.</summary>
    public ProcessPool OpenSibling()
    {
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            return WithThis(new ProcessPool(1, launcher, outputs, ownsLauncher: false));
        }
    }

    /// <summary>A pool of one of the machines, for as many workers as that has places; it ends with this one.</summary>
    public ProcessPool OpenSibling(IMachine machine)
    {
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            if (isPart) throw RemoteErrors.IsPart();
            return AddSibling(new ProcessPool(machine.Size, machine.Launcher, machine.Outputs ?? outputs, ownsLauncher: false));
        }
    }

    /// <summary>The machines that its workers are on, one by one; empty where that is this one only.</summary>
    public IReadOnlyList<IMachine> Machines => launcher.Machines;

    /// <summary>Who wants to know what becomes of the machines; null where nothing becomes of them.</summary>
    public LauncherWatchers? Watchers => launcher.Watchers;

    /// <summary>Something waits for machines that are not there.</summary>
    public void NoteDemand() => launcher.NoteDemand();

    // Until it ends by itself: a pool may live for long, and have many.
    private ProcessPool WithThis(ProcessPool sibling)
    {
        sibling.withParent = disposal.Token.UnsafeRegister(static pool => _ = ((ProcessPool)pool!).DisposeAsync().AsTask(), sibling);
        return sibling;
    }

    // A suspect is alone with the worker, or its neighbours would be suspects again.
    private WorkerLink? FindShared(Piece piece) => links.Find(link => !link.IsRetired && (link.Hands.Count == 0 || !(piece.IsSuspect || link.Hands.Exists(hand => hand.IsSuspect))));
}
