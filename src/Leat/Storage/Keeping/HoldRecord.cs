using System.Globalization;

namespace Leat.Storage;

/// <summary>What the file of a hold says.</summary>
/// <param name="Start">Since when, in ticks of the file system's clock (UTC).</param>
/// <param name="Machine">Whose process it is.</param>
/// <param name="Process">Its number.</param>
internal sealed record HoldRecord(long Start, string Machine, int Process)
{
    public static HoldRecord? Parse(string text)
    {
        string[] lines = text.Split('\n');
        return lines.Length >= 3
            && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out long start)
            && int.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? new HoldRecord(start, lines[1], process)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}\n{Machine}\n{Process}\n");
}
