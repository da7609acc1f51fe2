namespace Leat.Scheduling;

/// <summary>Pauses between attempts: each twice as long as the one before it, up to a longest one.</summary>
/// <param name="First">The pause behind the first failure.</param>
/// <param name="Longest">The longest one; null for as long as a timer can last.</param>
internal readonly record struct Backoff(TimeSpan First, TimeSpan? Longest = null)
{
    /// <summary>No timer of the system lasts longer.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private const int MostDoublings = 16;

    /// <summary>How long to wait behind a failure.</summary>
    /// <param name="failures">How many there were in a row, from 1.</param>
    public TimeSpan Behind(int failures) =>
        TimeSpan.FromSeconds(Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings)), (Longest ?? LongestTimer).TotalSeconds));
}
