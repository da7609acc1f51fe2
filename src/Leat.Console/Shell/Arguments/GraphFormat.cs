namespace Leat.Shell;

/// <summary>The forms in which a graph is printed.</summary>
internal enum GraphFormat
{
    Mermaid,
    Dot,
    Json,
}
