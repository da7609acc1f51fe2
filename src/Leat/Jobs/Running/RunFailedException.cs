using System.Globalization;
using System.Text;

namespace Leat;

/// <summary>Jobs of a run failed. Thrown once, at the end of the run, when everything that did not need them has run.</summary>
public sealed class RunFailedException : LeatException
{
    private const int MostLines = 10;

    internal RunFailedException(RunReport report)
        : base("LEAT0140", Describe(report), report.Failures.FirstOrDefault()?.Error) => Report = report;

    /// <summary>What the run has done.</summary>
    public RunReport Report { get; }

    private static string Describe(RunReport report)
    {
        int failed = report.Count(JobOutcome.Failed);
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{failed} of the jobs failed, and {report.Count(JobOutcome.Upstream)} that need them could not run:"));
        foreach (JobReport job in report.Failures.Take(MostLines)) text.Append("\n  ").Append(job).Append(job.Log is null ? "" : $" (its output: {job.Log})");
        if (failed > MostLines) text.Append(CultureInfo.InvariantCulture, $"\n  and {failed - MostLines} more");
        return text.ToString();
    }
}
