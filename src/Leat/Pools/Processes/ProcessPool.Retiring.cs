namespace Leat.Pools;

// What a launcher asks of the pool when it is about to give machines back.
internal sealed partial class ProcessPool
{
    int ILauncherWatcher.Waiting
    {
        get
        {
            lock (gate)
            {
                return queue.Count;
            }
        }
    }

    WorkerUse ILauncherWatcher.UseOf(Predicate<WorkerConnection> which)
    {
        lock (gate)
        {
            return links.Where(link => which(link.Connection)).Aggregate(
                default(WorkerUse), (use, link) => use.And(new WorkerUse(link.Hands.Count > 0 || (!link.IsRetired && link.Owner is not null) || HasState(link) || IsShared(link), link.Pieces, IsAtWork(link))));
        }
    }

    void ILauncherWatcher.Retire(Predicate<WorkerConnection> which)
    {
        lock (gate)
        {
            foreach (WorkerLink link in links.Where(link => !link.IsRetired && which(link.Connection) && !IsShared(link)).ToArray()) Retire(link);
        }
    }

    // Or about to be: what waits is given out a moment after a worker has ended what it had.
    private bool IsAtWork(WorkerLink link) => link.Hands.Count > 0 || (queue.Count > 0 && isolations.Count == 0 && !link.IsRetired && !link.IsOver && link.Owner is null);

    // What is in its memory is there for several, until they say that they are done with it.
    private bool IsShared(WorkerLink link) => sessions.Any(session => session.Options.IsConcurrent && session.OpenOn.Any(open => open.Link == link));
}
