namespace Leat.Tests.Kit;

public sealed class ApprovedTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private string ApprovedFile => directory["answer.approved.txt"];

    private string ReceivedFile => directory["answer.received.txt"];

    public void Dispose() => directory.Dispose();

    private string? Compare(string actual, bool approve = false) => Approved.Compare(directory["answer"], actual, approve);

    [Fact]
    public void The_approved_text_passes_and_leaves_nothing_behind()
    {
        directory.Write("answer.approved.txt", "one\ntwo\n");
        directory.Write("answer.received.txt", "from an earlier run");
        Assert.Null(Compare("one\r\ntwo"));
        Assert.False(File.Exists(ReceivedFile));
    }

    [Fact]
    public void Another_text_fails_with_the_lines_that_differ()
    {
        directory.Write("answer.approved.txt", "one\ntwo\nthree\n");
        string? difference = Compare("one\n2\nthree\nfour\n");
        Assert.EndsWith(
            """
                1   one
                2 - two
                2 + 2
                3   three
                4 + four
            """, difference, StringComparison.Ordinal);
        Assert.Equal("one\n2\nthree\nfour\n", File.ReadAllText(ReceivedFile));
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(ApprovedFile));
    }

    [Fact]
    public void A_text_that_nobody_approved_fails()
    {
        Assert.Contains("Nothing is approved yet", Compare("one"), StringComparison.Ordinal);
        Assert.True(File.Exists(ReceivedFile));
    }

    [Fact]
    public void Approving_writes_the_approved_text()
    {
        Assert.Null(Compare("one", approve: true));
        Assert.Equal("one\n", File.ReadAllText(ApprovedFile));
        Assert.Null(Compare("one"));
    }

    [Fact]
    public void Far_away_lines_are_left_out_of_the_difference()
    {
        string before = string.Join('\n', Enumerable.Range(1, 100));
        string after = before.Replace("\n10\n", "\nten\n", StringComparison.Ordinal).Replace("\n90\n", "\nninety\n", StringComparison.Ordinal);
        string difference = LineDiff.Between(before, after);
        Assert.Equal(8 + 1 + 8, difference.Split('\n').Length);
        Assert.Contains("   10 - 10\n   10 + ten\n", difference, StringComparison.Ordinal);
        Assert.Contains("   90 - 90\n   90 + ninety\n", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_finds_its_approved_text_beside_its_source() => Approved.Text("This text is approved.");
}
