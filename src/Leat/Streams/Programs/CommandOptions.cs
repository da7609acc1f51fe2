using System.Collections.ObjectModel;

namespace Leat;

/// <summary>How <see cref="Stage.Command"/> runs its program.</summary>
public sealed record CommandOptions
{
    /// <summary>The folder in which the program runs; that of this process by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Environment variables to set for the program, or to take away where the value is null; the others are those of this
    /// process. None by default.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>The exit codes that mean success; 0 alone by default. <c>grep</c> ends with 1 when it finds nothing.</summary>
    public IReadOnlyCollection<int> SuccessCodes { get; init; } = [0];
}
