namespace Leat.Scheduling;

/// <summary>A worker, its tasks, and what is free of it.</summary>
/// <param name="capacity">What it has in all.</param>
internal sealed class WorkerRow(Resources capacity)
{
    private readonly Dictionary<int, Share> taken = [];
    private readonly bool[] gpusTaken = new bool[capacity.Gpus];

    public Resources Capacity { get; private set; } = capacity;

    public bool IsThere { get; set; } = true;

    public int Cores { get; private set; } = capacity.Cores;

    public long Memory { get; private set; } = capacity.Memory;

    public int Gpus { get; private set; } = capacity.Gpus;

    /// <summary>Its tasks.</summary>
    public IReadOnlyCollection<int> Tasks => taken.Keys;

    public bool IsIdle => taken.Count == 0;

    /// <summary>What is free of it, with what is rare first.</summary>
    public (int Gpus, int Cores, long Memory) Free => (Gpus, Cores, Memory);

    /// <summary>True when there is room now.</summary>
    public bool HasRoom(Resources resources) => resources.TakesWhole
        ? IsIdle
        : Gpus >= resources.Gpus && Cores >= resources.Cores && Memory >= resources.Memory;

    /// <summary>True when there could be room. All cores are less than any number of them, so that no worker has too few.</summary>
    public bool CouldFit(Resources resources) =>
        IsThere && resources.Cores <= Capacity.Cores && resources.Memory <= Capacity.Memory && resources.Gpus <= Capacity.Gpus;

    /// <summary>A task takes what it needs.</summary>
    /// <returns>The GPUs that it has; null for none.</returns>
    public int[]? Take(int task, Resources resources)
    {
        var share = new Share(resources.TakesWhole ? Cores : resources.Cores, resources.Memory, resources.Gpus == 0 ? null : TakeGpus(resources.Gpus));
        Cores -= share.Cores;
        Memory -= share.Memory;
        taken.Add(task, share);
        return share.Gpus;
    }

    /// <summary>A task gives back what it took.</summary>
    public void GiveBack(int task)
    {
        taken.Remove(task, out Share share);
        Cores += share.Cores;
        Memory += share.Memory;
        foreach (int gpu in share.Gpus ?? []) gpusTaken[gpu] = false;
        Gpus += share.Gpus?.Length ?? 0;
    }

    /// <summary>It has more cores and memory than before, or less: less than nothing may be free until some tasks have ended.</summary>
    public void Resize(Resources now)
    {
        Cores += now.Cores - Capacity.Cores;
        Memory += now.Memory - Capacity.Memory;
        Capacity = Capacity with { Cores = now.Cores, Memory = now.Memory };
    }

    private int[] TakeGpus(int count)
    {
        int[] gpus = new int[count];
        for (int i = 0; i < count; i++)
        {
            gpus[i] = Array.IndexOf(gpusTaken, false);
            gpusTaken[gpus[i]] = true;
        }

        Gpus -= count;
        return gpus;
    }

    private readonly record struct Share(int Cores, long Memory, int[]? Gpus);
}
