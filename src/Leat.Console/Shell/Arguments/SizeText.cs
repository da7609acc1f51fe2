using System.Globalization;

namespace Leat.Shell;

/// <summary>Amounts of memory as they are written: <c>8G</c>, <c>1.5 GiB</c>, <c>500M</c>, or bytes; a unit is 1,024 of the one before.</summary>
internal static class SizeText
{
    private const string Units = "KMGTP";

    /// <summary>The size in bytes, of a text that stands behind an option.</summary>
    public static long Parse(string option, string text) =>
        TryParse(text, out long bytes) ? bytes : throw ShellErrors.BadValue(option, text, "a size such as 8G, 1.5G, 500M or a number of bytes");

    /// <summary>With three digits at most and a unit: <c>1.5 GiB</c>.</summary>
    public static string Of(long bytes)
    {
        if (bytes == 1) return "1 byte";
        if (bytes < 1024) return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");
        double size = bytes;
        int unit = -1;
        // What would be rounded to 1,000 belongs to the next unit.
        while (size >= 999.5 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(size < 99.95 ? Math.Round(size, 1) : Math.Round(size))} {Units[unit]}iB");
    }

    private static bool TryParse(string text, out long bytes)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        if (rest.EndsWith("iB", StringComparison.OrdinalIgnoreCase)) rest = rest[..^2];
        else if (rest.EndsWith("B", StringComparison.OrdinalIgnoreCase)) rest = rest[..^1];
        double factor = 1;
        if (rest.Length > 0 && Units.IndexOf(char.ToUpperInvariant(rest[^1]), StringComparison.Ordinal) is var unit and >= 0)
        {
            factor = Math.Pow(1024, unit + 1);
            rest = rest[..^1];
        }

        bytes = 0;
        if (!double.TryParse(rest.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return false;
        double size = number * factor;
        if (size is not (>= 1 and < long.MaxValue)) return false;
        bytes = (long)size;
        return true;
    }
}
