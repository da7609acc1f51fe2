namespace Leat.Storage;

/// <summary>How a <see cref="Journal"/> works.</summary>
public sealed record JournalOptions
{
    /// <summary>How many records of each job survive a compaction, at least 1. 10 by default.</summary>
    public int History { get; init; } = 10;

    /// <summary>
    /// The longest that a record may be written and not yet brought to the disk, so that a loss of power takes it. 1 second by
    /// default. Zero flushes every batch before its records count as appended; <see cref="Timeout.InfiniteTimeSpan"/> leaves it to
    /// the end of the run. The end of the process alone, however it comes, loses nothing in any case.
    /// </summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes from which on a journal is compacted when more than half of it is old. 1 MiB by default.</summary>
    public long CompactFrom { get; init; } = 1024 * 1024;

    /// <summary>
    /// How long the sign of life of a run on another machine may be old before the run counts as dead. 2 minutes by default,
    /// at least 1 second. It says so eight times as often.
    /// </summary>
    public TimeSpan HolderTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Tells since when a run has the journal, and when to flush. The system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Refuses options that are out of their range.</summary>
    /// <exception cref="LeatException">One is.</exception>
    internal void Check()
    {
        if (History < 1) throw LedgerErrors.BadOption(nameof(History), FormattableString.Invariant($"{History}"), "1 or more records");
        if (FlushAfter < TimeSpan.Zero && FlushAfter != Timeout.InfiniteTimeSpan) throw LedgerErrors.BadOption(nameof(FlushAfter), FlushAfter.ToString(), "zero or more, or infinite");
        if (CompactFrom < 0) throw LedgerErrors.BadOption(nameof(CompactFrom), FormattableString.Invariant($"{CompactFrom}"), "0 or more bytes");
        if (HolderTimeout < TimeSpan.FromSeconds(1)) throw LedgerErrors.BadOption(nameof(HolderTimeout), HolderTimeout.ToString(), "1 second or more");
        ArgumentNullException.ThrowIfNull(Clock);
    }
}
