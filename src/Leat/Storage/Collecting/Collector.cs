using Leat.Encoding;

namespace Leat.Storage;

/// <summary>
/// Removes what was not used for the longest time, as much as is asked for, then what nobody names any more. Others go on
/// reading and writing: to them, what is removed is a miss.
/// </summary>
internal sealed class Collector(CacheStore store, CollectorTurn turn)
{
    private static readonly TimeSpan YoungObject = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OldTemporary = TimeSpan.FromHours(1);
    private static readonly TimeSpan OldQuarantine = TimeSpan.FromDays(7);
    private static readonly TimeSpan OldRecord = TimeSpan.FromDays(30);

    private readonly CacheDirectory directory = store.Directory;
    private readonly DateTime held = LiveHolds.Oldest(store.Directory, turn.Now);
    private readonly Dictionary<Digest, DateTime> released = [];
    private long entries, objects, bytes;

    /// <summary>Collects once.</summary>
    /// <param name="maxSize">When there is more than this, entries are removed.</param>
    /// <param name="goal">Until there is no more than this.</param>
    /// <param name="maxAge">Entries that were not used for longer are removed.</param>
    /// <param name="isThorough">True to look for what nobody names, even if nothing is too large or too old.</param>
    public CacheCollected Collect(long? maxSize, long goal, TimeSpan? maxAge, bool isThorough)
    {
        List<CacheFile> files = [.. CacheFiles.Below(directory.Entries).OrderBy(file => file.Used)];
        List<CacheFile> contents = [.. CacheFiles.Below(directory.Objects)];
        long size = files.Sum(file => file.Size) + contents.Sum(file => file.Size);
        bool isTooLarge = size > maxSize;
        if (!isThorough && !isTooLarge && !files.Take(1).Any(file => turn.Now - file.Used > maxAge)) return new CacheCollected(0, 0, 0);
        var named = new References(files);
        foreach (CacheFile file in files)
        {
            bool isOld = maxAge is { } age && turn.Now - file.Used > age;
            if (!isOld && !(isTooLarge && size > goal)) break;
            if (file.Used < held && file.TryRemove()) size -= file.Size + Release(named, file);
        }
        RemoveObjects(contents, named);
        RemoveLeftovers(named);
        return new CacheCollected(entries, objects, bytes);
    }

    // What was freed when nobody else names it.
    private long Release(References named, CacheFile entry)
    {
        entries++;
        bytes += entry.Size;
        long freed = 0;
        foreach ((Digest content, long length) in named.Drop(entry))
        {
            freed += length;
            released[content] = entry.Used;
        }
        return freed;
    }

    // Whoever keeps a result writes the object first: a young one may be about to be named. One that was named when its entry
    // was written last, and not touched since, is not.
    private void RemoveObjects(List<CacheFile> contents, References named)
    {
        foreach (CacheFile file in contents)
        {
            Digest content = file.Digest!.Value;
            if (named.Has(content)) continue;
            bool isFree = turn.Now - file.Used > YoungObject || (released.TryGetValue(content, out DateTime last) && file.Used <= last);
            if (!isFree || !file.TryRemove()) continue;
            objects++;
            bytes += file.Size;
        }
    }

    private void RemoveLeftovers(References named)
    {
        string[] folders = [directory.Entries, directory.Objects, directory.Files];
        IEnumerable<string> places = [.. folders.SelectMany(CacheFiles.Folders), directory.Functions, directory.Holds, directory.Root];
        RemoveOld(places.SelectMany(CacheFiles.Files).Where(file => file.IsTemporary), OldTemporary);
        RemoveOld(CacheFiles.In(directory.Quarantine), OldQuarantine);
        RemoveOld(CacheFiles.Below(directory.Files), OldRecord);
        RemoveOld(CacheFiles.In(directory.Functions).Where(file => !named.HasFunction(file.Digest!.Value)), YoungObject);
    }

    private void RemoveOld(IEnumerable<CacheFile> files, TimeSpan age)
    {
        foreach (CacheFile file in files.Where(file => turn.Now - file.Used > age))
        {
            if (file.TryRemove()) bytes += file.Size;
        }
    }

    /// <summary>Which entries name which objects.</summary>
    private sealed class References
    {
        private readonly Dictionary<string, (Digest Content, long Length)[]> byEntry = new(StringComparer.Ordinal);
        private readonly Dictionary<Digest, int> counts = [];
        private readonly HashSet<Digest> functions = [];

        public References(List<CacheFile> files)
        {
            foreach (CacheFile file in files)
            {
                if (CacheStore.Peek(file.Path) is not { } entry) continue;
                functions.Add(entry.Function);
                (Digest Content, long Length)[] named = [.. entry.Objects.DistinctBy(each => each.Content)];
                if (named.Length == 0) continue;
                byEntry.Add(file.Path, named);
                foreach ((Digest content, _) in named) counts[content] = counts.GetValueOrDefault(content) + 1;
            }
        }

        public bool Has(Digest content) => counts.ContainsKey(content);

        public bool HasFunction(Digest function) => functions.Contains(function);

        /// <summary>Forgets an entry; returns what nobody names any more.</summary>
        public IEnumerable<(Digest Content, long Length)> Drop(CacheFile entry)
        {
            foreach ((Digest content, long length) in byEntry.GetValueOrDefault(entry.Path) ?? [])
            {
                if (--counts[content] > 0) continue;
                counts.Remove(content);
                yield return (content, length);
            }
        }
    }
}
