using System.Globalization;

namespace Leat.Tests.Examples;

/// <summary>The summary that the example of reads prints: a label, a number and words a line.</summary>
internal sealed class ReadsSummary
{
    private readonly Dictionary<string, double> numbers = [];

    public static ReadsSummary Of(string output)
    {
        var summary = new ReadsSummary();
        foreach (string line in output.ReplaceLineEndings("\n").Split('\n'))
        {
            // The label is set apart by its column, as there are two words in one.
            if (line.Length > 22 && double.TryParse(line[11..22], NumberStyles.Number, CultureInfo.InvariantCulture, out double number))
            {
                summary.numbers[line[..11].TrimEnd()] = number;
            }
        }
        return summary;
    }

    public double Number(string label) => numbers[label];
}
