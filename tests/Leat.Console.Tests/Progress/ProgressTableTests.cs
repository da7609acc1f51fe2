using Spectre.Console;

namespace Leat.Progress.Tests;

public sealed class ProgressTableTests
{
    private static string Render(FlowStats stats, int width)
    {
        var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(ProgressTable.Of(stats, width));
        return string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void A_flow_is_a_line_a_stage() => Approved.Text(Render(SampleStats.AtWork, 80));

    [Fact]
    public void Failures_have_a_column_when_there_are_any() => Approved.Text(Render(SampleStats.Failed, 80));

    [Fact]
    public void A_narrow_terminal_shows_what_matters_most() =>
        Approved.Text(string.Join("\n", new[] { 60, 40, 20, 5 }.Select(width => $"{width} columns:\n{Render(SampleStats.Failed, width)}")));

    [Fact]
    public void Names_are_text_and_no_markup()
    {
        var stats = new FlowStats(FlowState.Completed, TimeSpan.Zero, [new StageStats("[red]Map[/]") { In = 1 }]);
        Assert.Contains("[red]Map[/]", Render(stats, 80), StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_wider_than_the_terminal()
    {
        for (int width = 10; width <= 120; width++)
        {
            Assert.All(Render(SampleStats.Failed, width).Split('\n'), line => Assert.True(line.Length <= Math.Max(width, 22), line));
        }
    }
}
