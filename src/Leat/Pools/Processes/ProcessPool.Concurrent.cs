namespace Leat.Pools;

// A worker in which several pieces are worked on at the same time, because all of them need what is in its memory.
internal sealed partial class ProcessPool
{
    /// <summary>A pool of one worker, for concurrent sessions alone, that ends with this one.</summary>
    public ProcessPool OpenSibling()
    {
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            var sibling = new ProcessPool(1, launcher, outputs, ownsLauncher: false);
            disposal.Token.UnsafeRegister(static pool => _ = ((ProcessPool)pool!).DisposeAsync().AsTask(), sibling);
            return sibling;
        }
    }

    // A suspect is alone with the worker, or its neighbours would be suspects again.
    private WorkerLink? FindShared(Piece piece) => links.Find(link => !link.IsRetired && (link.Hands.Count == 0 || !(piece.IsSuspect || link.Hands.Exists(hand => hand.IsSuspect))));
}
