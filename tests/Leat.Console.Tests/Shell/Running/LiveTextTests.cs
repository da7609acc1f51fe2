using System.Globalization;

namespace Leat.Shell.Tests;

public sealed class LiveTextTests
{
    private static readonly LiveView View = new(
        new RunProgress(Total: 1200, Succeeded: 300, UpToDate: 400, Failed: 5, Running: 2, Waiting: 3, TimeSpan.FromSeconds(90), null),
        FakeRun.TwoJobs,
        TimeSpan.FromSeconds(130),
        Failed: 2,
        Skipped: 3,
        Prompt: null);

    private static string At(LiveView view, int width, int height = 24) => $"{width}x{height}:\n{string.Join('\n', LiveText.Of(view, width, height))}\n";

    [Fact]
    public void It_fits_every_width() => Approved.Text(string.Concat(new[] { 100, 80, 60, 40, 20, 5 }.Select(width => At(View, width))));

    [Fact]
    public void It_fits_every_height()
    {
        LiveView many = View with { Running = [.. Enumerable.Range(1, 40).Select(each => FakeRun.TwoJobs[0] with { Job = new JobId(string.Create(CultureInfo.InvariantCulture, $"job{each}")) })] };
        Approved.Text(string.Concat(new[] { 24, 10, 6, 1 }.Select(height => At(many, 80, height))));
        for (int height = 4; height < 40; height++) Assert.True(LiveText.Of(many, 80, height).Count <= height - 1);
    }

    [Fact]
    public void It_says_what_is_waited_for_and_typed() => Approved.Text(
        At(View with { Progress = View.Progress with { Remaining = null, Obstacle = "another run has all cores" }, Running = [], Prompt = "End the job of which number? 1" }, 80)
        + At(View with { Progress = new RunProgress(0, 0, 0, 0, 0, 0, null, null), Running = [], Failed = 0, Skipped = 0 }, 80));

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("abc", 0, "")]
    [InlineData("über", 4, "über")]
    [InlineData("über alles", 4, "übe…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("e\u0301e\u0301", 2, "e\u0301e\u0301")]
    [InlineData("a\e[2Jb\tc", 10, "a[2Jbc")]
    public void Text_is_cut_by_columns(string text, int width, string fitted) => Assert.Equal(fitted, CellWidth.Fit(text, width));

    [Fact]
    public void An_area_is_written_over_itself()
    {
        using var output = new StringWriter();
        var area = new LiveArea(output);
        area.Draw("", ["one", "two"]);
        area.Draw("above\n", ["three"]);
        area.Draw("", []);
        area.Draw("", []);
        Assert.Equal("one\ntwo" + "\e[1A\r\e[0Jabove\nthree" + "\r\e[0J", output.ToString());
    }
}
