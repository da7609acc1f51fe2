namespace Leat.Pools;

// Pools beside one on a Slurm cluster, for work that needs other allocations than that has.
internal sealed partial class ProcessPool
{
    /// <summary>What asks a Slurm cluster for allocations; null where the workers are elsewhere.</summary>
    public SlurmLauncher? Allocations => launcher as SlurmLauncher;

    /// <summary>True when some of its workers are on a Slurm cluster, and others are not.</summary>
    public bool IsPartlySlurm => launcher is CombinedLauncher { HasSlurm: true };

    /// <summary>A pool over allocations of another shape; it ends with this one, which must be one on a Slurm cluster.</summary>
    /// <param name="options">What each allocation is.</param>
    /// <param name="isForOne">True for an allocation that is there for a single piece of work, which has all of its time.</param>
    public ProcessPool OpenAllocations(SlurmOptions options, bool isForOne)
    {
        var other = new SlurmLauncher(options, Allocations!.Jobs, isForOne);
        lock (gate)
        {
            if (disposed) throw PoolErrors.Disposed();
            if (isPart) throw RemoteErrors.IsPart();
            return AddSibling(new ProcessPool(other.All, other, outputs));
        }
    }

    // The lock is held.
    private ProcessPool AddSibling(ProcessPool sibling)
    {
        foreach (ProcessPool over in siblings.Where(static each => each.disposed).ToArray())
        {
            siblings.Remove(over);
            items += over.items;
            lost += over.lost;
        }

        siblings.Add(sibling);
        return WithThis(sibling);
    }
}
