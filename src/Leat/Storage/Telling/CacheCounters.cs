namespace Leat.Storage;

/// <summary>What this process did with a cache.</summary>
internal sealed class CacheCounters
{
    private long hits, misses, stored, failures;

    public long Hits => Interlocked.Read(ref hits);

    public long Misses => Interlocked.Read(ref misses);

    public long Stored => Interlocked.Read(ref stored);

    public long Failures => Interlocked.Read(ref failures);

    public void Hit() => Interlocked.Increment(ref hits);

    public void Miss() => Interlocked.Increment(ref misses);

    public void Store() => Interlocked.Increment(ref stored);

    public void Fail() => Interlocked.Increment(ref failures);
}
