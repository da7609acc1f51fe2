using System.Globalization;
using System.Text;

namespace Leat.Shell;

/// <summary>
/// The last lines of a terminal, which are written again and again, while other text goes above them. Written by hand because Spectre.Console takes 55 ms
/// of processor time until it has drawn its first frame (measured, published, on .NET 10), which the jobs could have.
/// </summary>
internal sealed class LiveArea(TextWriter output)
{
    private const string EraseBelow = "\r\e[0J";
    private int height;

    /// <summary>Writes text above the area, if there is any, and the area anew; all at once, so that nothing flickers.</summary>
    /// <param name="above">Whole lines.</param>
    /// <param name="lines">What the area shows; none of them may be wider than the terminal.</param>
    public void Draw(string above, IReadOnlyList<string> lines)
    {
        var text = new StringBuilder();
        if (height > 1) text.Append(CultureInfo.InvariantCulture, $"\e[{height - 1}A");
        if (height > 0) text.Append(EraseBelow);
        text.Append(above).AppendJoin('\n', lines);
        height = lines.Count;
        if (text.Length > 0) output.Write(text);
    }
}
