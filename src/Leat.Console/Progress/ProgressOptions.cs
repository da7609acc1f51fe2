namespace Leat;

/// <summary>Where and how <see cref="FlowProgress"/> shows a flow.</summary>
public sealed record ProgressOptions
{
    internal static readonly ProgressOptions Default = new();

    /// <summary>What it is written to; null, the default, is standard error.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>
    /// True for a table that is redrawn in place, false for plain lines. Null, the default, chooses the table where
    /// <see cref="Output"/> is a terminal that can redraw.
    /// </summary>
    public bool? Live { get; init; }

    /// <summary>How often the flow is shown; null, the default, is every 200 ms as a table and every second as a line.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not more than zero.</exception>
    public TimeSpan? Interval
    {
        get;
        init
        {
            if (value is { } interval)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero, nameof(Interval));
            }

            field = value;
        }
    }

    /// <summary>What the interval is measured with; the system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
