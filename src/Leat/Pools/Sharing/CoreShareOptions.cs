namespace Leat.Pools;

/// <summary>How a run shares the machine with others.</summary>
internal sealed record CoreShareOptions
{
    /// <summary>False for a run that asks nobody; true by default.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>The most cores that this run takes at a time; null, the default, for all that the machine has.</summary>
    public int? Cores { get; init; }

    /// <summary>The most bytes of memory that this run takes at a time; null, the default, for all that the machine has.</summary>
    public long? Memory { get; init; }

    /// <summary>Told, in a sentence, when the run can't share as it should and goes on otherwise. It must not throw. Nothing by default.</summary>
    public Action<string> Tell { get; init; } = static _ => { };

    /// <summary>What <c>make</c> says to those that it starts; by default the environment variable <c>MAKEFLAGS</c>.</summary>
    public string? MakeFlags { get; init; } = Environment.GetEnvironmentVariable("MAKEFLAGS");

    /// <summary>Where the runs of this user meet; null, the default, for a folder of the user's own (see <see cref="ShareFolder"/>).</summary>
    public string? Directory { get; init; }

    /// <summary>How many cores the machine has.</summary>
    public int MachineCores { get; init; } = Environment.ProcessorCount;

    /// <summary>How many bytes of memory the machine has.</summary>
    public long MachineMemory { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The most cores that this run can have at a time, at least 1.</summary>
    public int MostCores => Math.Max(1, Math.Min(Cores ?? int.MaxValue, MachineCores));

    /// <summary>The most bytes of memory that this run can have at a time.</summary>
    public long MostMemory => Math.Max(0, Math.Min(Memory ?? long.MaxValue, MachineMemory));
}
