using Leat.Jobs;
using Leat.Scheduling;

namespace Leat;

/// <summary>How a job is run. None of it makes a job out of date when it changes.</summary>
public sealed record JobOptions
{
    private static readonly TimeSpan Longest = Backoff.LongestTimer;

    internal static readonly JobOptions Default = new();

    /// <summary>What the job takes of a machine while it runs: one core by default, and of memory the machine's over its cores.</summary>
    public Resources Resources { get; init; } = Resources.Default;

    /// <summary>How often the job is tried again when it fails; 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is less than 0.</exception>
    public int Retries
    {
        get;
        init => field = value >= 0 ? value : throw JobErrors.BadOption(nameof(Retries), value, "it can't be negative");
    }

    /// <summary>How long to wait before the first retry; each further one waits twice as long. One second by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or more than 49 days.</exception>
    public TimeSpan RetryDelay
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= Longest ? value : throw JobErrors.BadOption(nameof(RetryDelay), value, "it must be from zero to 49 days");
    } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long one attempt may take; null, the default, sets no limit. What takes longer is ended, with its process where it has one of
    /// its own, and fails with a <see cref="TimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero, or more than 49 days.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || (value > TimeSpan.Zero && value <= Longest) ? value : throw JobErrors.BadOption(nameof(Timeout), value, "it must be more than zero and at most 49 days");
    }

    /// <summary>True if an output may be an empty file; false by default: then an empty output is a failure, and makes the job out of date.</summary>
    public bool AllowEmpty { get; init; }

    /// <summary>True to keep what a failed attempt has left of its outputs, as files with <c>.broken</c> behind their names; false by default.</summary>
    public bool KeepBroken { get; init; }
}
