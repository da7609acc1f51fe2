using Leat.Storage;

namespace Leat.Shell.Tests;

public sealed class GraphTests
{
    private static readonly GraphView Whole = GraphView.Of(SampleJobs.Graph, [SampleJobs.Report, SampleJobs.Packed], null, new Dictionary<string, LedgerRecord>());

    private static readonly GraphView WithStates = Whole with
    {
        Nodes = [.. Whole.Nodes.Select((node, i) => node with { State = (GraphState)(i % Enum.GetValues<GraphState>().Length) })],
    };

    private static string Written(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString();
    }

    [Fact]
    public void Mermaid_draws_it() => Approved.Text(Written(output => MermaidGraph.Write(output, Whole)) + Written(output => MermaidGraph.Write(output, WithStates)));

    [Fact]
    public void Graphviz_draws_it() => Approved.Text(Written(output => DotGraph.Write(output, Whole)) + Written(output => DotGraph.Write(output, WithStates)));

    [Fact]
    public void Programs_get_it_as_json() => Approved.Text(Printed.Json(writer => JsonGraph.Write(writer, WithStates)));

    [Fact]
    public void A_target_comes_with_what_it_needs_and_nothing_else() =>
        Assert.Equal(["tmp/trimmed.fq", "data/reads.fq", "length"], GraphView.Of(SampleJobs.Graph, [SampleJobs.Trimmed], null, new Dictionary<string, LedgerRecord>()).Nodes.Select(node => node.Id.Text));

    [Fact]
    public void Every_kind_has_a_shape()
    {
        foreach (JobKind kind in Enum.GetValues<JobKind>())
        {
            Assert.NotEmpty(GraphStyle.DotShapeOf(kind));
            Assert.NotEmpty(GraphStyle.MermaidShapeOf(kind).Open);
            Assert.NotEqual(kind.ToString(), Words.Of(kind));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_large_graph_is_written_in_no_time()
    {
        var graph = new JobGraph();
        Job before = graph.Parameter("first", 0);
        for (int i = 0; i < 50_000; i++) before = graph.File($"out/{i}.txt", _ => { }).DependsOn(before);
        string text = await Task.Run(() => Written(output => DotGraph.Write(output, GraphView.Of(graph, [], null, new Dictionary<string, LedgerRecord>()))));
        Assert.Contains("n49999 -> n50000;", text, StringComparison.Ordinal);
    }
}
