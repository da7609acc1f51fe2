namespace Leat;

/// <summary>What is in a cache, and what this process did with it.</summary>
public sealed record CacheStatistics
{
    /// <summary>Results that are kept.</summary>
    public long Entries { get; init; }

    /// <summary>Contents that are kept beside them: of results that are larger than 4 KiB, and of files.</summary>
    public long Objects { get; init; }

    /// <summary>Bytes in all files of the directory.</summary>
    public long Bytes { get; init; }

    /// <summary>How often this <see cref="Cache"/> object found a result.</summary>
    public long Hits { get; init; }

    /// <summary>How often it found none.</summary>
    public long Misses { get; init; }

    /// <summary>How many results it kept.</summary>
    public long Stored { get; init; }

    /// <summary>How often something in the directory was refused, or could not be used.</summary>
    public long Failures { get; init; }
}
