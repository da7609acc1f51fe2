using Leat.Encoding;

namespace Leat.Storage;

/// <summary>A file in a cache, as it was when it was looked at.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Size">Bytes in it.</param>
/// <param name="Used">Its last-write time, which says when it was used last.</param>
internal sealed record CacheFile(string Path, long Size, DateTime Used)
{
    /// <summary>The digest that its name is; null for files that are not the cache's.</summary>
    public Digest? Digest => Encoding.Digest.TryParse(Name, null, out Digest digest) ? digest : null;

    /// <summary>True for a file that was being written, and may have been left behind.</summary>
    public bool IsTemporary => Name.StartsWith('.') && Name.EndsWith(AtomicFile.Ending, StringComparison.Ordinal);

    private string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Removes it, unless it was used, replaced or removed since.</summary>
    public bool TryRemove()
    {
        try
        {
            if (File.GetLastWriteTimeUtc(Path) != Used) return false;
            File.Delete(Path);
            return true;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return false;
        }
    }
}

/// <summary>Lists the files of a cache, while others add and remove some.</summary>
internal static class CacheFiles
{
    /// <summary>Those in a folder that have digests as names.</summary>
    public static IEnumerable<CacheFile> In(string folder) => Files(folder).Where(file => file.Digest is not null);

    /// <summary>Those in the folders of a folder, which have the first two digits of their names.</summary>
    public static IEnumerable<CacheFile> Below(string folder) => Folders(folder).SelectMany(In);

    /// <summary>The folders that files with digests are in.</summary>
    public static IEnumerable<string> Folders(string folder) =>
        Seen(() => new DirectoryInfo(folder).GetDirectories("??")).Where(each => each.Name.All(char.IsAsciiHexDigitLower)).Select(each => each.FullName);

    /// <summary>All files in a folder.</summary>
    public static IEnumerable<CacheFile> Files(string folder) => Seen(() => new DirectoryInfo(folder).GetFiles()).Select(Look).OfType<CacheFile>();

    private static CacheFile? Look(FileInfo file)
    {
        try
        {
            return file.Exists ? new CacheFile(file.FullName, file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return null;
        }
    }

    // A folder that goes away has nothing in it.
    private static T[] Seen<T>(Func<T[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return [];
        }
    }
}
