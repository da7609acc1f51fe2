using System.Globalization;

namespace Leat.Calls;

/// <summary>Ranges as values.</summary>
internal static class WholeNumbers
{
    /// <summary>The numbers of a range.</summary>
    /// <exception cref="ArgumentException">The values are no whole numbers, or the range counts from an end.</exception>
    public static T[] Of<T>(Range range)
    {
        if (range.Start.IsFromEnd || range.End.IsFromEnd) throw CallErrors.OpenRange(range);
        if (Type.GetTypeCode(typeof(T)) is < TypeCode.SByte or > TypeCode.UInt64 || typeof(T).IsEnum) throw CallErrors.NoWholeNumbers(typeof(T));
        return [.. Enumerable.Range(range.Start.Value, Math.Max(0, range.End.Value - range.Start.Value)).Select(number => (T)Convert.ChangeType(number, typeof(T), CultureInfo.InvariantCulture))];
    }
}
