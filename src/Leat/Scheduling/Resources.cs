using Leat.Scheduling;

namespace Leat;

/// <summary>What one piece of work takes of a machine while it runs.</summary>
public sealed record Resources
{
    internal static readonly Resources Default = new();

    /// <summary>Cores; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1.</exception>
    public int Cores
    {
        get;
        init => field = value >= 1 ? value : throw SchedulingErrors.BadResource(nameof(Cores), value, "at least 1 core is needed");
    } = 1;

    /// <summary>Memory in bytes; 0, the default, asks for none in particular.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 0.</exception>
    public long Memory
    {
        get;
        init => field = value >= 0 ? value : throw SchedulingErrors.BadResource(nameof(Memory), value, "it can't be negative");
    }
}
