using Leat.Pools;
using Leat.Scheduling;

namespace Leat.Calls;

/// <summary>
/// Gives a run's calls to the workers of one pool. Of several nodes whose calls could be made, the one nearest to the result comes
/// first: so few values wait between calls.
/// </summary>
internal abstract class Executor(Evaluation run)
{
    private readonly PriorityQueue<CallingNode, int> queue = new();
    private readonly Room room = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Gpus.Count);

    public Evaluation Run => run;

    /// <summary>How many calls are at work.</summary>
    public int Running { get; protected set; }

    /// <summary>True when there are no calls to take. Under the gate, as all that follows.</summary>
    public bool IsHungry => First() is null;

    protected abstract int Size { get; }

    /// <summary>A node has calls.</summary>
    public void Add(CallingNode node)
    {
        if (node.IsQueued) return;
        node.IsQueued = true;
        queue.Enqueue(node, -node.Node.Rank);
    }

    /// <summary>Lets workers work, if there is something to do. Outside of the gate.</summary>
    public abstract void Pump();

    /// <summary>The run has ended, or was cancelled: no more calls are taken. Outside of the gate.</summary>
    public abstract void Close();

    /// <summary>Lets nobody wait for calls that do not end. Outside of the gate.</summary>
    public abstract void LeaveAllBehind();

    /// <summary>Completes when nothing of it is at work.</summary>
    public abstract Task Ended { get; }

    /// <summary>The node whose calls come next, and may be made now.</summary>
    protected CallingNode? Next()
    {
        room.Cores = Size;
        return !run.IsOver && !run.HoldsBack && First() is { } node && (room.Fits(node.Options.Resources) || room.Impossible(node.Options.Resources) is not null) ? node : null;
    }

    private CallingNode? First()
    {
        while (queue.TryPeek(out CallingNode? node, out _))
        {
            if (node.HasNext) return node;
            queue.Dequeue();
            node.IsQueued = false;
        }

        return null;
    }

    /// <summary>Takes a call of a node, and the room that it needs; false when there is none.</summary>
    protected bool TryTake(CallingNode node, CallSite site)
    {
        if (!node.TryTake(site)) return false;
        Running++;
        room.Enter(node.Options.Resources);
        return true;
    }

    /// <summary>Why a call could never be made; null when it can.</summary>
    protected Exception? Refuse(CallSite site) =>
        room.Impossible(site.Node.Options.Resources) is { } reason ? CallErrors.NoSuchMachine(site.Node.Node.Name, reason) : null;

    /// <summary>A call that was taken has ended.</summary>
    protected void Leave(CallSite site)
    {
        Running--;
        room.Leave(site.Node.Options.Resources);
    }
}
