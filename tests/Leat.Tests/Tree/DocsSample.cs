namespace Leat.Tests.Tree;

/// <summary>A block of C# in a page of the documentation.</summary>
internal sealed record DocsSample
{
    /// <summary>The page, relative to the repository.</summary>
    public required string Page { get; init; }

    /// <summary>The page's line on which the code begins, from 1.</summary>
    public required int Line { get; init; }

    public required string Code { get; init; }

    /// <summary>A fragment is no whole program: it has <c>using Leat;</c> and what is given to it.</summary>
    public bool IsFragment { get; init; }

    /// <summary>Declarations that the page does not show.</summary>
    public string Given { get; init; } = "";

    /// <summary>What the page says the program prints, or null where it says nothing.</summary>
    public string? Output { get; init; }

    public string Name => $"{Page}:{Line}";
}
