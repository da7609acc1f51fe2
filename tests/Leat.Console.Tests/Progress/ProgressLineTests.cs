namespace Leat.Progress.Tests;

public sealed class ProgressLineTests
{
    [Fact]
    public void A_flow_is_one_line() => Approved.Text($"""
        {ProgressLine.Of(SampleStats.AtWork)}
        {ProgressLine.Of(SampleStats.Failed)}
        {ProgressLine.Of(new FlowStats(FlowState.Completed, TimeSpan.FromSeconds(0.04), [new StageStats("Source"), new StageStats("Fold") { Out = 1 }]))}
        """);
}
