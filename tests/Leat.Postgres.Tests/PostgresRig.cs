using System.Globalization;

namespace Leat.Postgres.Tests;

/// <summary>What several test classes need.</summary>
internal static class PostgresRig
{
    private static int schemas;

    /// <summary>A schema for one test.</summary>
    public static string NewSchema() => string.Create(CultureInfo.InvariantCulture, $"leat{Interlocked.Increment(ref schemas)}");
}
