namespace Leat.Shell;

/// <summary>A graph in the language of Mermaid, which many pages of Markdown can show.</summary>
internal static class MermaidGraph
{
    public static void Write(TextWriter output, GraphView graph)
    {
        output.Write("flowchart LR\n");
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            GraphNode node = graph.Nodes[i];
            (string open, string close) = GraphStyle.MermaidShapeOf(node.Kind);
            string state = node.State == GraphState.Unknown ? "" : $":::{Words.Json(node.State)}";
            output.Write($"  n{i}{open}\"{Escaped(node.Id.Text)}\"{close}{state}\n");
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            output.Write($"  n{edge.From} -->{(edge.Output is null ? "" : $"|\"{Escaped(edge.Output)}\"|")} n{edge.To}\n");
        }

        foreach (GraphState state in Enum.GetValues<GraphState>())
        {
            if (GraphStyle.ColourOf(state) is { } colour && graph.Nodes.Any(node => node.State == state)) output.Write($"  classDef {Words.Json(state)} fill:{colour}\n");
        }
    }

    // What is not a letter in its eyes stands as its number.
    private static string Escaped(string text) =>
        text.Replace("#", "#35;", StringComparison.Ordinal)
            .Replace("\"", "#quot;", StringComparison.Ordinal)
            .Replace("<", "#lt;", StringComparison.Ordinal)
            .Replace(">", "#gt;", StringComparison.Ordinal)
            .ReplaceLineEndings(" ");
}
