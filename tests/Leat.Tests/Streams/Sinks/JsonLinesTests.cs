using System.Text.Json;

namespace Leat.Tests.Streams.Sinks;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string path;

    public JsonLinesTests() => path = folder["out.jsonl"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_value_is_a_line()
    {
        await RunAsync(Source.From([new Peak("a\nb", 1), new Peak("c", 2)]) | Sink.JsonLines<Peak>(path));
        Assert.Equal("{\"Name\":\"a\\nb\",\"Size\":1}\n{\"Name\":\"c\",\"Size\":2}\n", await File.ReadAllTextAsync(path, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_value_stays_one_line_although_the_options_indent()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true };
        await RunAsync(Source.From([new Peak("a", 1)]) | Sink.JsonLines<Peak>(path, options));
        Assert.Equal("{\"name\":\"a\",\"size\":1}\n", await File.ReadAllTextAsync(path, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_written_can_be_read_again()
    {
        Peak[] peaks = [.. Enumerable.Range(0, 20_000).Select(i => new Peak($"peak {i} ä", i))];
        await RunAsync(Source.From(peaks) | Sink.JsonLines(folder["out.gz"], PeakContext.Default.Peak));
        Assert.Equal(peaks, await Source.JsonLines(folder["out.gz"], PeakContext.Default.Peak).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_value_that_can_not_be_written_fails_the_run_and_leaves_nothing()
    {
        await using Flow flow = Flow.Start(Source.From([1.0, double.NaN, 2.0]) | Sink.JsonLines<double>(path));
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => flow.Completion);
        Assert.Equal(1, error.Failures[0].Number);
        Assert.Equal(double.NaN, error.Failures[0].Item);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task RunAsync(Pipe pipe)
    {
        await using Flow flow = Flow.Start(pipe);
        await flow.Completion;
    }
}
