namespace Leat.Shell;

/// <summary>A graph in the language of Graphviz.</summary>
internal static class DotGraph
{
    public static void Write(TextWriter output, GraphView graph)
    {
        output.Write("digraph jobs {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            GraphNode node = graph.Nodes[i];
            string fill = GraphStyle.ColourOf(node.State) is { } colour ? $", style=filled, fillcolor=\"{colour}\"" : "";
            output.Write($"  n{i} [label=\"{Escaped(node.Id.Text)}\", shape={GraphStyle.DotShapeOf(node.Kind)}{fill}];\n");
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            output.Write($"  n{edge.From} -> n{edge.To}{(edge.Output is null ? "" : $" [label=\"{Escaped(edge.Output)}\"]")};\n");
        }

        output.Write("}\n");
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
