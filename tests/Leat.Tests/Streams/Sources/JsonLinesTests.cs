using System.Text.Json;

namespace Leat.Tests.Streams.Sources;

public sealed class JsonLinesTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_line_is_a_value_and_empty_ones_are_skipped()
    {
        string path = folder.Write("a.jsonl", "{\"Name\":\"a\",\"Size\":1}\n\n  \t\r\n {\"Size\":2, \"Name\":\"ä\"} \n");
        Assert.Equal([new Peak("a", 1), new Peak("ä", 2)], await Source.JsonLines<Peak>(path).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Compressed_files_are_read_too()
    {
        await File.WriteAllBytesAsync(folder["a.gz"], GzipData.Of("1\n2\n"), Token);
        Assert.Equal([1, 2], await Source.JsonLines<int>(folder["a.gz"]).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task The_serializer_s_options_count()
    {
        string path = folder.Write("a.jsonl", "{\"name\":\"a\",\"size\":1}\n");
        Assert.Equal([new Peak("a", 1)], await Source.JsonLines<Peak>(path, new JsonSerializerOptions(JsonSerializerDefaults.Web)).ToListAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Generated_type_information_can_be_used()
    {
        string path = folder.Write("a.jsonl", "{\"Name\":\"a\",\"Size\":1}\n");
        Assert.Equal([new Peak("a", 1)], await Source.JsonLines(path, PeakContext.Default.Peak).ToListAsync(Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("{\"Name\":")]
    [InlineData("{\"Name\":\"c\",\"Size\":\"x\"}")]
    [InlineData("{\"Name\":\"c\"} {}")]
    [InlineData("c")]
    public async Task A_bad_line_is_told_with_its_number(string bad)
    {
        string path = folder.Write("a.jsonl", $"{{\"Name\":\"a\"}}\n\n{{\"Name\":\"b\"}}\n{bad}\n{{\"Name\":\"d\"}}\n");
        (List<Peak> values, LeatException error) = await Failing.RunAsync<Peak, LeatException>(Source.JsonLines<Peak>(path));
        Assert.Equal([new Peak("a", 0), new Peak("b", 0)], values);
        Assert.Equal("LEAT0015", error.Code);
        Assert.Contains($"Line 4 of '{path}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_can_not_be_serialized_is_told_at_the_declaration() =>
        Assert.Throws<NotSupportedException>(() => Source.JsonLines<Peak>("a.jsonl", new JsonSerializerOptions { TypeInfoResolver = NumberContext.Default }));
}
