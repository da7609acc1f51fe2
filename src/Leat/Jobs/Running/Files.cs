using System.Diagnostics.CodeAnalysis;

namespace Leat;

/// <summary>How jobs that run on other machines come by their files.</summary>
[SuppressMessage("Naming", "CA1717:Only FlagsAttribute enums should have plural names", Justification = "It is what happens to files, which are many.")]
public enum Files
{
    /// <summary>In place: all machines see the same files under the same paths, as on a cluster's shared disk.</summary>
    Shared,

    /// <summary>
    /// What a job declares as its inputs is sent to its machine, by content and never twice, and what it makes is brought back. It runs in a folder of its
    /// own there, in which nothing else is.
    /// </summary>
    Transfer,
}
