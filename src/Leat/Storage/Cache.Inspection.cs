using Leat.Storage;

namespace Leat;

/// <content>What is in it.</content>
public sealed partial class Cache
{
    /// <summary>Counts what is in the directory, which takes a look at each file's name and size.</summary>
    public CacheStatistics Statistics()
    {
        CacheDirectory directory = store.Directory;
        (long entries, long entryBytes) = Count(CacheFiles.Below(directory.Entries));
        (long objects, long objectBytes) = Count(CacheFiles.Below(directory.Objects));
        long others = Count(CacheFiles.In(directory.Functions)).Bytes + Count(CacheFiles.Below(directory.Files)).Bytes;
        CacheCounters counters = store.Counters;
        return new CacheStatistics
        {
            Entries = entries,
            Objects = objects,
            Bytes = entryBytes + objectBytes + others,
            Hits = counters.Hits,
            Misses = counters.Misses,
            Stored = counters.Stored,
            Failures = counters.Failures,
        };
    }

    private static (long Number, long Bytes) Count(IEnumerable<FileInfo> files) =>
        files.Aggregate((Number: 0L, Bytes: 0L), (sum, file) => (sum.Number + 1, sum.Bytes + file.Length));
}
