using System.Text;
using System.Threading.Channels;
using Leat.Streams;

namespace Leat.Tests.Streams.Sinks;

public sealed class TextWriterTests
{
    [Fact(Timeout = 60_000)]
    public async Task Lines_go_to_a_writer_that_stays_open()
    {
        await using var writer = new StringWriter { NewLine = "|" };
        for (int run = 0; run < 2; run++)
        {
            await using Flow flow = Flow.Start(Source.From(["a", "b"]) | Sink.Lines(writer));
            await flow.Completion;
        }
        Assert.Equal("a|b|a|b|", writer.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_writer_is_flushed_when_no_item_is_at_hand()
    {
        using var bytes = new MemoryStream();
        await using var writer = new StreamWriter(Stream.Synchronized(bytes), new UTF8Encoding(false)) { NewLine = "\n" };
        await FlushesAsync(Sink.Lines(writer), bytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task So_is_a_stream_such_as_standard_output()
    {
        using var bytes = new MemoryStream();
        await FlushesAsync(new DelegateSink<string>("stream", () => new StreamLineWriter(bytes)), bytes);
    }

    private static async Task FlushesAsync(Sink<string> sink, MemoryStream bytes)
    {
        var items = Channel.CreateUnbounded<string>();
        await using Flow flow = Flow.Start(Source.From(items.Reader) | sink);
        items.Writer.TryWrite("a");
        await Eventually.TrueAsync(() => bytes.Length == 2, () => $"{bytes.Length} bytes");
        items.Writer.TryWrite("ä");
        await Eventually.TrueAsync(() => bytes.Length == 5, () => $"{bytes.Length} bytes");
        items.Writer.Complete();
        await flow.Completion;
        Assert.Equal("a\nä\n", System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
