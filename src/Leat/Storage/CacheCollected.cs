namespace Leat;

/// <summary>What was removed from a cache.</summary>
/// <param name="Entries">Results.</param>
/// <param name="Objects">Contents that no result names any more.</param>
/// <param name="Bytes">Bytes in all that was removed.</param>
public sealed record CacheCollected(long Entries, long Objects, long Bytes);
