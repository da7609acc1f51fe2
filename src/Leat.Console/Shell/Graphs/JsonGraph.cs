using System.Text.Json;

namespace Leat.Shell;

/// <summary>A graph for programs.</summary>
internal static class JsonGraph
{
    public static void Write(Utf8JsonWriter writer, GraphView graph)
    {
        writer.WriteStartArray("jobs");
        foreach (GraphNode node in graph.Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("job", node.Id.Text);
            writer.WriteString("kind", Words.Json(node.Kind));
            writer.WriteString("state", node.State == GraphState.Unknown ? null : Words.Json(node.State));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("needs");
        foreach (GraphEdge edge in graph.Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("job", graph.Nodes[edge.To].Id.Text);
            writer.WriteString("needs", graph.Nodes[edge.From].Id.Text);
            writer.WriteString("output", edge.Output);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
