using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Leat.Streams;

/// <summary>The shape of declared pipes, for people to look at.</summary>
internal sealed class Drawing
{
    private readonly List<Pipe> nodes;
    private readonly List<(int From, int To)> edges;

    private Drawing(List<Pipe> nodes)
    {
        this.nodes = nodes;
        Dictionary<Pipe, int> ids = nodes.Select((pipe, id) => (pipe, id)).ToDictionary(p => p.pipe, p => p.id);
        edges = [.. nodes.SelectMany(pipe => pipe.Inputs.Select(input => (ids[input], ids[pipe])))];
    }

    public static Drawing Of(IEnumerable<Pipe> ends) => new(RunBuilder.InOrder(ends));

    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart LR\n");
        for (int id = 0; id < nodes.Count; id++)
        {
            (string open, string close) = nodes[id].Kind switch
            {
                PipeKind.Source => ("([", "])"),
                PipeKind.Sink => ("[(", ")]"),
                PipeKind.Joint => ("{{", "}}"),
                _ => ("[", "]"),
            };
            text.Append(CultureInfo.InvariantCulture, $"  n{id}{open}\"{Label(id).Replace("\"", "#quot;", StringComparison.Ordinal)}\"{close}\n");
        }

        foreach ((int from, int to) in edges)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{from} --> n{to}\n");
        }

        return text.ToString();
    }

    public string ToDot()
    {
        var text = new StringBuilder("digraph flow {\n  rankdir=LR;\n");
        for (int id = 0; id < nodes.Count; id++)
        {
            string shape = nodes[id].Kind switch
            {
                PipeKind.Source => "oval",
                PipeKind.Sink => "cylinder",
                PipeKind.Joint => "hexagon",
                _ => "box",
            };
            string label = Label(id).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"  n{id} [label=\"{label}\", shape={shape}];\n");
        }

        foreach ((int from, int to) in edges)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{from} -> n{to};\n");
        }

        return text.Append("}\n").ToString();
    }

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("nodes");
            for (int id = 0; id < nodes.Count; id++)
            {
                json.WriteStartObject();
                json.WriteNumber("id", id);
                json.WriteString("name", nodes[id].Name);
                json.WriteString("kind", nodes[id].Kind switch
                {
                    PipeKind.Source => "source",
                    PipeKind.Sink => "sink",
                    PipeKind.Joint => "joint",
                    _ => "stage",
                });
                json.WriteNumber("workers", nodes[id].Workers);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach ((int from, int to) in edges)
            {
                json.WriteStartObject();
                json.WriteNumber("from", from);
                json.WriteNumber("to", to);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private string Label(int id) =>
        nodes[id].Workers > 1 ? string.Create(CultureInfo.InvariantCulture, $"{nodes[id].Name} ×{nodes[id].Workers}") : nodes[id].Name;
}
