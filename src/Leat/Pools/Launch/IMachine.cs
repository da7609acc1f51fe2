namespace Leat.Pools;

/// <summary>A machine on which a launcher starts workers, for those who say where their work runs.</summary>
internal interface IMachine
{
    /// <summary>Its name; null for this one.</summary>
    string? Name { get; }

    /// <summary>How many workers it may have.</summary>
    int Size { get; }

    /// <summary>Whether it is there.</summary>
    HostState State { get; }

    /// <summary>Its memory, in bytes; 0 where it has not said so yet.</summary>
    long Memory { get; }

    /// <summary>Its GPUs, as <see cref="Gpus.Variable"/> names them; none where it has not said so yet.</summary>
    IReadOnlyList<string> Gpus { get; }

    /// <summary>Starts workers on it alone. It starts none, and fails what waits for one, while the machine is not there.</summary>
    IWorkerLauncher Launcher { get; }

    /// <summary>Where what is written on it goes; null for where all of the pool's goes.</summary>
    WorkerOutputs? Outputs { get; }

    /// <summary>It is needed: it is connected, unless it is there, or is left alone for a while.</summary>
    void Connect();

    /// <summary>It is there, and can't work: it gets nothing new for a while. What it has goes on.</summary>
    /// <param name="fault">Why.</param>
    void GiveUp(Exception fault)
    {
        // There is no other one, or somebody else decides which.
    }
}

/// <summary>This machine, among others.</summary>
internal sealed class ThisMachine(IWorkerLauncher launcher, int size, WorkerOutputs outputs) : IMachine
{
    public string? Name => null;

    public int Size => size;

    public HostState State => HostState.Up;

    public long Memory { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    public IReadOnlyList<string> Gpus => Pools.Gpus.Names;

    public IWorkerLauncher Launcher => launcher;

    public WorkerOutputs Outputs => outputs;

    public void Connect()
    {
        // It is there.
    }
}
