using System.Globalization;

namespace Leat.Scheduling;

/// <summary>What is free of a machine: work goes in with what it takes, and comes out again. Pure, and not safe for several threads.</summary>
/// <param name="memory">Bytes of memory in all.</param>
internal sealed class Room(long memory)
{
    private int cores;
    private long bytes;

    /// <summary>Cores in all.</summary>
    public int Cores { get; set; }

    /// <summary>What some work asks for that could never go in, in a phrase; null when it can.</summary>
    public string? Impossible(Resources resources) =>
        resources.Cores > Cores ? string.Create(CultureInfo.InvariantCulture, $"{resources.Cores} cores, and the pool has {Cores} workers")
        : resources.Memory > memory ? string.Create(CultureInfo.InvariantCulture, $"{resources.Memory:N0} bytes of memory, and the machine has {memory:N0}")
        : null;

    /// <summary>True when there is room now.</summary>
    public bool Fits(Resources resources) => cores + resources.Cores <= Cores && bytes + resources.Memory <= memory;

    /// <summary>Work goes in.</summary>
    public void Enter(Resources resources)
    {
        cores += resources.Cores;
        bytes += resources.Memory;
    }

    /// <summary>Work has ended.</summary>
    public void Leave(Resources resources)
    {
        cores -= resources.Cores;
        bytes -= resources.Memory;
    }
}
