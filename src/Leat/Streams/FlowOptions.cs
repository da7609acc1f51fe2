using Leat.Streams;

namespace Leat;

/// <summary>How a flow tells about itself.</summary>
public sealed record FlowOptions
{
    internal static readonly FlowOptions Default = new();

    /// <summary>
    /// Told, as they happen, of skipped and retried items, abandoned bodies, detached branches and so on; nobody by
    /// default. Called from the workers and from the engine's own thread, several at a time: it must be quick. What it throws is ignored.
    /// </summary>
    public Action<RunEvent>? Events { get; init; }

    /// <summary>Told about the flow's state every <see cref="ProgressInterval"/> and once at the end; nobody by default.</summary>
    public Action<FlowStats>? Progress { get; init; }

    /// <summary>How often <see cref="Progress"/> is called; every 200 ms by default, from 1 ms to 24 days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1 ms or more than 24 days.</exception>
    public TimeSpan ProgressInterval
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromDays(24)
            ? value
            : throw StreamErrors.BadOption(nameof(ProgressInterval), value, "it must be from 1 ms to 24 days");
    } = TimeSpan.FromMilliseconds(200);

    /// <summary>Where timeouts, delays and statistics take the time from; the system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
