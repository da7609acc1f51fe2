using System.Collections.Immutable;

namespace Leat.Shell;

/// <summary>What the command line says.</summary>
internal sealed record ShellArguments
{
    public static readonly ShellArguments Default = new();

    public ShellAction Action { get; init; } = ShellAction.Run;

    /// <summary>Names of jobs, paths and patterns, in the order in which they were given.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    public int? Cores { get; init; }

    /// <summary>In bytes.</summary>
    public long? Memory { get; init; }

    public PoolText? Pool { get; init; }

    public Files Files { get; init; }

    public bool IsFailFast { get; init; }

    public bool IsQuiet { get; init; }

    public bool IsJson { get; init; }

    /// <summary>True to go on without a question.</summary>
    public bool IsYes { get; init; }

    public string Reason { get; init; } = "";

    public GraphFormat Format { get; init; } = GraphFormat.Mermaid;
}
