using Leat.Storage;

namespace Leat;

/// <summary>How a cache works.</summary>
public sealed record CacheOptions
{
    /// <summary>Fewest bytes in a signing key.</summary>
    internal const int ShortestKey = 16;

    /// <summary>
    /// Bytes that the cache may take. When it takes more, those results are removed that were not used for the longest time.
    /// No limit by default.
    /// </summary>
    public long? SizeLimit { get; init; }

    /// <summary>How long a result is kept that nobody uses. For ever by default.</summary>
    public TimeSpan? AgeLimit { get; init; }

    /// <summary>True to find results but to change nothing in the directory. False by default.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// True to fail with a <see cref="LeatException"/> when the directory can't be used. By default the work goes on
    /// without a cache, and <see cref="Events"/> is told.
    /// </summary>
    public bool Required { get; init; }

    /// <summary>
    /// A secret of at least 16 bytes by which results are signed (HMAC-SHA-256). What was not signed by the same key is not
    /// found: so nobody who may write to the directory, but does not know the key, can feed forged values. By default
    /// nothing is signed, and everybody who may write to the directory is trusted.
    /// </summary>
    public ReadOnlyMemory<byte> SigningKey { get; init; }

    /// <summary>
    /// True to bring each result to the disk before it gets its name, so that it survives a loss of power. By default one
    /// that was lost is a miss.
    /// </summary>
    public bool Flush { get; init; }

    /// <summary>
    /// Is told what goes wrong with the directory, once for each kind, on any thread and never two at once. By default a
    /// line goes to the standard error.
    /// </summary>
    public Action<CacheEvent>? Events { get; init; }

    /// <summary>Tells when a result was made, and how long that took. The system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Refuses options that are out of their range.</summary>
    /// <exception cref="LeatException">One is.</exception>
    internal void Check()
    {
        if (!SigningKey.IsEmpty && SigningKey.Length < ShortestKey) throw StorageErrors.ShortKey(SigningKey.Length);
        if (SizeLimit is < 0) throw StorageErrors.BadOption(nameof(SizeLimit), FormattableString.Invariant($"{SizeLimit}"), "0 or more bytes");
        if (AgeLimit is { } age && age <= TimeSpan.Zero) throw StorageErrors.BadOption(nameof(AgeLimit), age.ToString(), "more than zero");
        ArgumentNullException.ThrowIfNull(Clock);
    }

    /// <summary>The options by their names, without the signing key.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"CacheOptions {{ SizeLimit = {SizeLimit}, AgeLimit = {AgeLimit}, ReadOnly = {ReadOnly}, Required = {Required}, Signed = {!SigningKey.IsEmpty}, Flush = {Flush} }}");
}
