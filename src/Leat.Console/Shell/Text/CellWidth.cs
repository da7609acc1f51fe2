using System.Globalization;
using System.Text;

namespace Leat.Shell;

/// <summary>How many columns a terminal takes for a text: letters of East Asia and pictures take two, accents that stand alone none.</summary>
internal static class CellWidth
{
    private const char Ellipsis = '…';

    // The blocks that are wide as a whole, first and last.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The text, cut where it is wider, and without what would move the cursor.</summary>
    public static string Fit(string text, int width)
    {
        if (text.Length <= width && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var fitted = new StringBuilder();
        int used = 0;
        int safe = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int cells = Of(rune);
            if (used + cells > width)
            {
                // There must be room for the sign that it goes on.
                fitted.Length = safe;
                return width > 0 ? fitted.Append(Ellipsis).ToString() : "";
            }

            fitted.Append(Rune.IsControl(rune) ? "" : rune.ToString());
            used += cells;
            if (used < width) safe = fitted.Length;
        }

        return fitted.ToString();
    }

    private static int Of(Rune rune)
    {
        if (rune.Value < Wide[0].First) return Rune.IsControl(rune) || IsMark(rune) ? 0 : 1;
        if (IsMark(rune)) return 0;
        foreach ((int first, int last) in Wide)
        {
            if (rune.Value >= first && rune.Value <= last) return 2;
        }

        return 1;
    }

    private static bool IsMark(Rune rune) =>
        rune.Value >= 0x300 && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
