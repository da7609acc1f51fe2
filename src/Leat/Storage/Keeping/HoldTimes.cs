using System.Collections.Concurrent;

namespace Leat.Storage;

/// <summary>Since when this process holds what is used in a directory, whichever of its caches is asked.</summary>
internal sealed class HoldTimes
{
    private static readonly ConcurrentDictionary<string, HoldTimes> ByDirectory = new(StringComparer.Ordinal);

    private readonly Lock gate = new();
    private readonly List<long> starts = [];
    private long oldest = long.MaxValue;

    /// <summary>The start of the oldest hold, in ticks of the file system's clock; null if there is none.</summary>
    public long? Oldest => Interlocked.Read(ref oldest) is < long.MaxValue and long start ? start : null;

    public static HoldTimes In(string directory) => ByDirectory.GetOrAdd(directory, static _ => new HoldTimes());

    public void Add(long start)
    {
        lock (gate)
        {
            starts.Add(start);
            Interlocked.Exchange(ref oldest, starts.Min());
        }
    }

    public void Remove(long start)
    {
        lock (gate)
        {
            starts.Remove(start);
            Interlocked.Exchange(ref oldest, starts.Count == 0 ? long.MaxValue : starts.Min());
        }
    }
}
