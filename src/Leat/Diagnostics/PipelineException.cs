using System.Globalization;
using System.Text;

namespace Leat;

/// <summary>
/// A run failed. Thrown once, at the end, after the results so far were delivered; it holds every failure of the run.
/// </summary>
public sealed class PipelineException : LeatException
{
    private const int MostLines = 10;

    internal PipelineException(IReadOnlyList<ItemFailure> failures)
        : base("LEAT0001", Describe(failures), failures[0].Exception) => Failures = failures;

    /// <summary>All failures of the run; the first is the one that ended it.</summary>
    public IReadOnlyList<ItemFailure> Failures { get; }

    private static string Describe(IReadOnlyList<ItemFailure> failures)
    {
        var text = new StringBuilder("The run failed: ").Append(failures[0]);
        foreach (ItemFailure failure in failures.Skip(1).Take(MostLines))
        {
            text.Append("\n  also: ").Append(failure);
        }

        if (failures.Count > MostLines + 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  and {failures.Count - MostLines - 1} more");
        }

        return text.ToString();
    }
}
