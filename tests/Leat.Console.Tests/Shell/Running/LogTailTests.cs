namespace Leat.Shell.Tests;

public sealed class LogTailTests
{
    private static IReadOnlyList<string> Tail(string text, int lines)
    {
        using var folder = new TemporaryDirectory();
        return LogTail.Of(folder.Write("log", text), lines);
    }

    [Fact]
    public void The_last_lines_are_taken() => Assert.Equal(["b", "c"], Tail("a\nb\nc\n\n", 2));

    [Fact]
    public void A_short_log_is_taken_whole() => Assert.Equal(["a"], Tail("a", 5));

    [Fact]
    public void An_empty_log_has_none() => Assert.Empty(Tail("\n", 5));

    [Fact]
    public void A_log_that_is_not_there_has_none() => Assert.Empty(LogTail.Of("/no/such/log", 5));

    [Fact]
    public void A_long_log_is_read_from_its_end()
    {
        IReadOnlyList<string> tail = Tail(string.Concat(Enumerable.Range(1, 100_000).Select(each => $"line {each}\n")), 2);
        Assert.Equal(["line 99999", "line 100000"], tail);
    }

    [Fact]
    public void A_line_without_an_end_is_cut() => Assert.Equal(16 * 1024, Assert.Single(Tail(new string('x', 100_000), 3)).Length);

    [Fact]
    public void Nothing_moves_the_cursor() => Assert.Equal(["[31mred[0m", "a b"], Tail("\e[31mred\e[0m\na\tb", 3));
}
