namespace Leat.Shell;

/// <summary>Lines of text for a person, in colours where there are any.</summary>
/// <param name="write">Takes what is written.</param>
/// <param name="hasColours">True for a terminal that knows colours.</param>
internal sealed class TextPage(Action<string> write, bool hasColours)
{
    private const int Gap = 2;
    private const string Reset = "\e[0m";

    public TextPage(TextWriter output, bool hasColours)
        : this(output.Write, hasColours)
    {
    }

    public void Line(string text = "", Tone tone = Tone.Plain) => write($"{Painted(text, tone)}\n");

    /// <summary>Rows in columns that are as wide as they must be; columns that are empty in all rows are left out.</summary>
    public void Table(IReadOnlyList<TextRow> rows, string indent = "", string rightAligned = "")
    {
        if (rows.Count == 0) return;
        int[] widths = new int[rows.Max(row => row.Cells.Length)];
        foreach (TextRow row in rows)
        {
            for (int i = 0; i < row.Cells.Length; i++) widths[i] = Math.Max(widths[i], row.Cells[i].Length);
        }

        foreach (TextRow row in rows)
        {
            int last = Array.FindLastIndex(row.Cells, cell => cell.Length > 0);
            IEnumerable<string> cells = Enumerable.Range(0, last + 1).Where(i => widths[i] > 0)
                .Select(i => IsRight(i) ? row.Cells[i].PadLeft(widths[i]) : i == last ? row.Cells[i] : row.Cells[i].PadRight(widths[i]));
            Line(indent + string.Join(new string(' ', Gap), cells), row.Tone);
        }

        bool IsRight(int column) => column < rightAligned.Length && rightAligned[column] == '>';
    }

    private string Painted(string text, Tone tone) => !hasColours || tone == Tone.Plain || text.Length == 0 ? text : $"{CodeOf(tone)}{text}{Reset}";

    private static string CodeOf(Tone tone) => tone switch
    {
        Tone.Good => "\e[32m",
        Tone.Bad => "\e[31m",
        Tone.Doubtful => "\e[33m",
        _ => "\e[2m",
    };
}

/// <summary>A row of a table.</summary>
internal readonly record struct TextRow(Tone Tone, params string[] Cells)
{
    public TextRow(params string[] cells)
        : this(Tone.Plain, cells)
    {
    }
}
