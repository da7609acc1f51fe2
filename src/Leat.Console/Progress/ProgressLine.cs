namespace Leat.Progress;

/// <summary>A flow at one moment as a line of a log: <c>2.0 s running: Source 12, Fetch 10 (1 failed), Titles 10 to 9</c>.</summary>
internal static class ProgressLine
{
    public static string Of(FlowStats stats) =>
        $"{Quantity.Elapsed(stats.Elapsed)} {Quantity.Name(stats.State)}: {string.Join(", ", stats.Stages.Select(Describe))}";

    private static string Describe(StageStats stage)
    {
        // Sources take nothing in, sinks give nothing out, and most stages give as many as they take.
        string items = stage.In == 0 || stage.In == stage.Out ? Quantity.Count(stage.Out)
            : stage.Out == 0 ? Quantity.Count(stage.In)
            : $"{Quantity.Count(stage.In)} to {Quantity.Count(stage.Out)}";
        return stage.Failed == 0 ? $"{stage.Name} {items}" : $"{stage.Name} {items} ({Quantity.Count(stage.Failed)} failed)";
    }
}
