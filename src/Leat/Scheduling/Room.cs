using System.Globalization;

namespace Leat.Scheduling;

/// <summary>What is free of a machine: work goes in with what it takes, and comes out again. Pure, and not safe for several threads.</summary>
/// <param name="memory">Bytes of memory in all.</param>
/// <param name="gpus">GPUs in all.</param>
internal sealed class Room(long memory, int gpus)
{
    private int works;
    private int wholes;
    private int cores;
    private int gpusTaken;
    private long bytes;

    /// <summary>Cores in all.</summary>
    public int Cores { get; set; }

    /// <summary>What some work asks for that could never go in, in a phrase; null when it can.</summary>
    public string? Impossible(Resources resources) =>
        resources.Cores > Cores ? string.Create(CultureInfo.InvariantCulture, $"{resources.Cores} cores, and the pool has {Cores} workers")
        : resources.Memory > memory ? string.Create(CultureInfo.InvariantCulture, $"{resources.Memory:N0} bytes of memory, and the machine has {memory:N0}")
        : resources.Gpus > gpus ? string.Create(CultureInfo.InvariantCulture, $"{resources.Gpus} GPU{(resources.Gpus == 1 ? "" : "s")}, and the machine has {(gpus == 0 ? "none" : gpus)}")
        : null;

    /// <summary>True when there is room now.</summary>
    public bool Fits(Resources resources) =>
        wholes == 0 && (!resources.TakesWhole || works == 0)
        && cores + Math.Max(resources.Cores, 1) <= Cores && bytes + resources.Memory <= memory && gpusTaken + resources.Gpus <= gpus;

    /// <summary>Work goes in.</summary>
    public void Enter(Resources resources) => Count(resources, 1);

    /// <summary>Work has ended.</summary>
    public void Leave(Resources resources) => Count(resources, -1);

    private void Count(Resources resources, int sign)
    {
        works += sign;
        if (resources.TakesWhole) wholes += sign;

        // All cores are as many as there are when somebody asks, and nobody else has one meanwhile.
        if (resources.Cores != Leat.Cores.All) cores += sign * resources.Cores;
        bytes += sign * resources.Memory;
        gpusTaken += sign * resources.Gpus;
    }
}
