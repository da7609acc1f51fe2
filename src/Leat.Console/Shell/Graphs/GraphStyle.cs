namespace Leat.Shell;

/// <summary>Which shape a kind of job has, and which colour a state.</summary>
internal static class GraphStyle
{
    /// <summary>The fill of a node; null for none.</summary>
    public static string? ColourOf(GraphState state) => state switch
    {
        GraphState.UpToDate => "#d5f0d5",
        GraphState.NotNeeded => "#eeeeee",
        GraphState.WillRun => "#ffdf9e",
        GraphState.MayRun => "#fff4d6",
        GraphState.Failed => "#f6b5b0",
        _ => null,
    };

    public static string DotShapeOf(JobKind kind) => kind switch
    {
        JobKind.File or JobKind.Files => "box",
        JobKind.TempFile or JobKind.TempFiles => "note",
        JobKind.Command => "cds",
        JobKind.Load or JobKind.Cached => "cylinder",
        JobKind.Plot => "tab",
        JobKind.Generate or JobKind.Inject => "hexagon",
        JobKind.Final => "doubleoctagon",
        JobKind.InputFile or JobKind.InputFiles or JobKind.InputFolder => "folder",
        _ => "ellipse",
    };

    public static (string Open, string Close) MermaidShapeOf(JobKind kind) => kind switch
    {
        JobKind.File or JobKind.Files => ("[", "]"),
        JobKind.TempFile or JobKind.TempFiles => ("[/", "/]"),
        JobKind.Command => ("[[", "]]"),
        JobKind.Load or JobKind.Cached => ("[(", ")]"),
        JobKind.Plot => (">", "]"),
        JobKind.Generate or JobKind.Inject => ("{{", "}}"),
        JobKind.Final => ("(((", ")))"),
        JobKind.InputFile or JobKind.InputFiles or JobKind.InputFolder => ("[\\", "\\]"),
        _ => ("([", "])"),
    };
}
