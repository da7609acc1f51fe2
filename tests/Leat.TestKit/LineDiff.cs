using System.Globalization;
using System.Text;

namespace Leat.TestKit;

/// <summary>The difference of two texts as people read it: lines left out, lines added, a little of what is around them.</summary>
public static class LineDiff
{
    private const int Context = 3;
    private const int LongestReport = 120;

    private enum Change { Same, Removed, Added }

    private readonly record struct Line(Change Change, int Number, string Text)
    {
        public override string ToString()
        {
            char mark = Change switch { Change.Removed => '-', Change.Added => '+', _ => ' ' };
            return string.Create(CultureInfo.InvariantCulture, $"{Number,5} {mark} {Text}");
        }
    }

    /// <summary>Changed lines with three lines around each change; empty where the texts have the same lines.</summary>
    public static string Between(string before, string after)
    {
        List<Line> lines = Compare(Lines(before), Lines(after));
        var report = new StringBuilder();
        int printed = 0;
        int last = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!IsNearChange(lines, i)) continue;
            if (printed++ == LongestReport) return report.Append("      … and more").ToString();
            if (last >= 0 && i > last + 1) report.Append("      …\n");
            report.Append(lines[i].ToString()).Append('\n');
            last = i;
        }
        return report.ToString().TrimEnd('\n');
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static bool IsNearChange(List<Line> lines, int index)
    {
        int end = Math.Min(lines.Count - 1, index + Context);
        for (int i = Math.Max(0, index - Context); i <= end; i++)
        {
            if (lines[i].Change != Change.Same) return true;
        }
        return false;
    }

    private static List<Line> Compare(string[] before, string[] after)
    {
        // Equal ends are cut off first, so that the table below stays small.
        int head = 0;
        while (head < before.Length && head < after.Length && before[head] == after[head]) head++;
        int tail = 0;
        while (tail < before.Length - head && tail < after.Length - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;

        var lines = new List<Line>();
        for (int i = 0; i < head; i++) lines.Add(new Line(Change.Same, i + 1, before[i]));
        AddMiddle(lines, before.AsSpan(head..^tail), after.AsSpan(head..^tail), head);
        for (int i = after.Length - tail; i < after.Length; i++) lines.Add(new Line(Change.Same, i + 1, after[i]));
        return lines;
    }

    private static void AddMiddle(List<Line> lines, ReadOnlySpan<string> before, ReadOnlySpan<string> after, int offset)
    {
        int[][] common = LongestCommon(before, after);
        int i = 0;
        int j = 0;
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                lines.Add(new Line(Change.Same, offset + j + 1, after[j]));
                i++;
                j++;
            }
            else if (i < before.Length && (j == after.Length || common[i + 1][j] >= common[i][j + 1]))
            {
                lines.Add(new Line(Change.Removed, offset + i + 1, before[i++]));
            }
            else
            {
                lines.Add(new Line(Change.Added, offset + j + 1, after[j++]));
            }
        }
    }

    /// <summary>At [i][j]: how many lines the texts from those lines on have in common, in order.</summary>
    private static int[][] LongestCommon(ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        int[][] common = new int[before.Length + 1][];
        common[before.Length] = new int[after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            common[i] = new int[after.Length + 1];
            for (int j = after.Length - 1; j >= 0; j--)
            {
                common[i][j] = before[i] == after[j]
                    ? common[i + 1][j + 1] + 1
                    : Math.Max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
