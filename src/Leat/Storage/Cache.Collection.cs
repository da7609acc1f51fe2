using Leat.Storage;

namespace Leat;

/// <content>What is removed from it.</content>
public sealed partial class Cache
{
    /// <summary>
    /// Removes results that were not used for the longest time. Other processes may go on: to them, what is removed is a
    /// miss. What a running process of Leat holds stays. If another process is removing at this moment, nothing is done.
    /// </summary>
    /// <param name="maxSize">Bytes that the results may take together; no limit by default.</param>
    /// <param name="maxAge">How long a result may not have been used; for ever by default.</param>
    /// <exception cref="LeatException">The cache is read-only, or its directory can't be used.</exception>
    public CacheCollected Prune(long? maxSize = null, TimeSpan? maxAge = null) =>
        Changing(() => store.Schedule.Prune(maxSize, maxSize ?? long.MaxValue, maxAge, isThorough: true));

    /// <summary>Removes all results, and nothing that is not the cache's own. The directory stays, and can be used at once.</summary>
    /// <exception cref="LeatException">The cache is read-only, or its directory can't be used.</exception>
    public void Clear() => Changing(() =>
    {
        CacheDirectory directory = store.Directory;
        string[] folders = [directory.Entries, directory.Objects, directory.Files];
        foreach (string folder in folders.SelectMany(CacheFiles.Folders).Concat(folders).Append(directory.Functions).Append(directory.Quarantine)) RemoveFrom(folder);
        return true;
    });

    private static void RemoveFrom(string folder)
    {
        foreach (CacheFile file in CacheFiles.Files(folder).Where(file => file.Digest is not null || file.IsTemporary)) RemoveFile(file.Path);
        try
        {
            if (!System.IO.Directory.EnumerateFileSystemEntries(folder).Any()) System.IO.Directory.Delete(folder);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            // Others have removed it, or are filling it again.
        }
    }

    private static void RemoveFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (FileTrouble.IsGone(error))
        {
            // Others have removed it.
        }
    }

    private T Changing<T>(Func<T> change)
    {
        if (Options.ReadOnly) throw StorageErrors.ReadOnly(Path);
        try
        {
            return change();
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw StorageErrors.NotCleared(Path, error);
        }
    }
}
