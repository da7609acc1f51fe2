using Leat.Encoding;

namespace Leat;

/// <summary>A result that is kept in a cache.</summary>
public sealed record CacheEntry
{
    /// <summary>What it is kept under: the function, and the arguments.</summary>
    public required Digest Key { get; init; }

    /// <summary>What people call the function.</summary>
    public required string Function { get; init; }

    /// <summary>The arguments, in a few words each.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Bytes in the result, with those of the files in it.</summary>
    public required long Size { get; init; }

    /// <summary>When it was kept.</summary>
    public required DateTimeOffset Kept { get; init; }

    /// <summary>When it was used last, to within an hour.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>How long the function took.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The machine on which it ran.</summary>
    public required string Machine { get; init; }

    /// <summary>One line: the call, its time and its size.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Function}({string.Join(", ", Arguments)}): {Size} bytes, {Time.TotalMilliseconds:0.#} ms on {Machine}");
}
