using Spectre.Console;
using Spectre.Console.Rendering;

namespace Leat.Progress;

/// <summary>A flow at one moment as a table: a line a stage, as many columns as the terminal is wide, and the flow's state below.</summary>
internal static class ProgressTable
{
    private const int Gap = 2;

    // In the order in which they stand; where the terminal is narrow, the least important are left out first.
    private static readonly Column[] Columns =
    [
        new("Stage", Importance: 8, stage => stage.Name),
        new("In", Importance: 6, stage => Quantity.Count(stage.In)),
        new("Out", Importance: 7, stage => Quantity.Count(stage.Out)),
        new("Failed", Importance: 5, stage => Quantity.Count(stage.Failed)) { IsAlarm = true },
        new("Queued", Importance: 3, stage => Quantity.Count(stage.Queued)),
        new("Busy", Importance: 4, stage => $"{stage.Busy}/{stage.Workers}"),
        new("Rate", Importance: 2, stage => Quantity.Rate(stage.Rate)),
        new("Mean time", Importance: 1, stage => Quantity.Time(stage.MeanTime)),
    ];

    public static IRenderable Of(FlowStats stats, int width)
    {
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        List<Column> shown = Fitting(stats.Stages, width);
        foreach (Column column in shown)
        {
            table.AddColumn(new TableColumn(Line(column.Title, Style.Plain.Decoration(Decoration.Dim)))
            {
                Alignment = column == shown[0] ? Justify.Left : Justify.Right,
                NoWrap = true,
                Padding = new Padding(0, 0, column == shown[^1] ? 0 : Gap, 0),
            });
        }

        foreach (StageStats stage in stats.Stages)
        {
            table.AddRow(shown.Select(column => Line(column.Cell(stage), column.StyleOf(stage))));
        }

        string state = $"{Quantity.Name(stats.State)}, {Quantity.Elapsed(stats.Elapsed)}";
        return new Rows(table, Line(state, new Style(ColorOf(stats.State))));
    }

    // Failures take no room while there are none.
    private static List<Column> Fitting(IReadOnlyList<StageStats> stages, int width)
    {
        List<Column> left = [.. Columns.Where(column => !column.IsAlarm || stages.Any(stage => stage.Failed > 0))];
        while (left.Count > 1 && left.Sum(column => column.WidthFor(stages) + Gap) - Gap > width)
        {
            left.Remove(left.MinBy(column => column.Importance)!);
        }

        return left;
    }

    private static Text Line(string text, Style style) => new(text, style) { Overflow = Overflow.Ellipsis };

    private static Color ColorOf(FlowState state) => state switch
    {
        FlowState.Failed => Color.Red,
        FlowState.Completed => Color.Green,
        FlowState.Running => Color.Default,
        _ => Color.Yellow,
    };

    private sealed record Column(string Title, int Importance, Func<StageStats, string> Cell)
    {
        public bool IsAlarm { get; init; }

        public int WidthFor(IReadOnlyList<StageStats> stages) =>
            stages.Select(stage => Cell(stage).GetCellWidth()).Append(Title.Length).Max();

        public Style StyleOf(StageStats stage) => IsAlarm && stage.Failed > 0 ? new Style(Color.Red) : Style.Plain;
    }
}
