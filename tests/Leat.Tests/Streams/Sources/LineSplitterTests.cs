using Leat.Streams;

namespace Leat.Tests.Streams.Sources;

public sealed class LineSplitterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\nb")]
    [InlineData("\n\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\rb\n")]
    [InlineData("\r\n")]
    [InlineData("äöü€\n𝄞\n")]
    public void Lines_are_the_same_however_the_bytes_come(string text)
    {
        string[] expected = text.Split('\n');
        expected = [.. expected.Take(expected.Length - (expected[^1].Length == 0 ? 1 : 0)).Select(WithoutReturn)];
        for (int chunk = 1; chunk <= Math.Max(1, text.Length); chunk++) Assert.Equal(expected, Split(System.Text.Encoding.UTF8.GetBytes(text), chunk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void A_byte_order_mark_is_skipped_at_the_start_and_nowhere_else(int chunk)
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, (byte)'a', (byte)'\n', 0xEF, 0xBB, 0xBF, (byte)'b'];
        Assert.Equal(["a", "\uFEFFb"], Split(bytes, chunk));
    }

    [Fact]
    public void A_line_may_be_longer_than_the_buffer()
    {
        string line = new('x', 1_000_000);
        Assert.Equal([line, "y", line], Split(System.Text.Encoding.UTF8.GetBytes($"{line}\ny\n{line}"), 50_000));
    }

    [Fact]
    public void It_counts_what_was_taken_and_can_start_again()
    {
        var lines = new LineSplitter();
        Feed(lines, "a\nb\nc"u8);
        Assert.True(lines.TryTake(out _));
        Assert.True(lines.TryTake(out _));
        Assert.False(lines.TryTake(out _));
        Assert.Equal(2, lines.Taken);

        lines.Reset();
        Feed(lines, "d\n"u8);
        Assert.True(lines.TryTake(out ReadOnlySpan<byte> line));
        Assert.Equal("d", System.Text.Encoding.UTF8.GetString(line));
        Assert.False(lines.TryTakeRest(out _));
    }

    private static string WithoutReturn(string line) => line.EndsWith('\r') ? line[..^1] : line;

    private static List<string> Split(byte[] bytes, int chunk)
    {
        var lines = new LineSplitter();
        List<string> all = [];
        for (int at = 0; at < bytes.Length; at += chunk)
        {
            Feed(lines, bytes.AsSpan(at, Math.Min(chunk, bytes.Length - at)));
            while (lines.TryTake(out ReadOnlySpan<byte> line)) all.Add(System.Text.Encoding.UTF8.GetString(line));
        }
        if (lines.TryTakeRest(out ReadOnlySpan<byte> rest)) all.Add(System.Text.Encoding.UTF8.GetString(rest));
        return all;
    }

    private static void Feed(LineSplitter lines, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            Span<byte> room = lines.Room().Span;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            lines.Commit(count);
            bytes = bytes[count..];
        }
    }
}
