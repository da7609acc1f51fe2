namespace Leat.Progress.Tests;

/// <summary>Flows at one moment, made up.</summary>
internal static class SampleStats
{
    public static FlowStats AtWork { get; } = new(
        FlowState.Running,
        TimeSpan.FromSeconds(12.34),
        [
            new StageStats("Source") { Out = 14_240, Queued = 240, Workers = 1, Rate = 1154.0 },
            new StageStats("Fetch") { In = 14_000, Out = 13_996, Queued = 32, Busy = 4, Workers = 4, Rate = 1134.5, MeanTime = TimeSpan.FromMilliseconds(3.456) },
            new StageStats("FindTitles") { In = 13_964, Out = 12_101, Queued = 1, Busy = 1, Workers = 2, Rate = 1131.6, MeanTime = TimeSpan.FromMicroseconds(41.5) },
            new StageStats("Lines") { In = 12_100, Workers = 1, Rate = 980.6, MeanTime = TimeSpan.FromTicks(2) },
        ]);

    public static FlowStats Failed { get; } = AtWork with
    {
        State = FlowState.Failed,
        Stages = [.. AtWork.Stages.Select(stage => stage.Name == "Fetch" ? stage with { Failed = 2 } : stage with { Busy = 0, Queued = 0 })],
    };
}
