using System.Diagnostics.CodeAnalysis;

namespace Leat;

/// <summary>
/// The name of a job, unique in its graph. Of a job that makes a file it is the file's path from the graph's folder, with '/' between
/// folders, or the whole path of a file outside of that folder.
/// </summary>
/// <param name="Text">The name itself; not empty.</param>
public readonly record struct JobId(string Text) : IParsable<JobId>, IComparable<JobId>
{
    /// <summary>The id of a text.</summary>
    /// <exception cref="FormatException">The text is empty.</exception>
    public static JobId Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out JobId id) ? id : throw new FormatException("The name of a job can't be empty.");

    /// <summary>The id of a text; false if the text is empty.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out JobId result)
    {
        result = new JobId(s ?? "");
        return !string.IsNullOrEmpty(s);
    }

    /// <summary>Compares by the order of characters' codes.</summary>
    public int CompareTo(JobId other) => string.CompareOrdinal(Text, other.Text);

    /// <summary>True if it comes before the other.</summary>
    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    /// <summary>True if it does not come after the other.</summary>
    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    /// <summary>True if it comes after the other.</summary>
    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    /// <summary>True if it does not come before the other.</summary>
    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;

    /// <summary>The name.</summary>
    public override string ToString() => Text ?? "";
}
