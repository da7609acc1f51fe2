using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Lists the files of a cache that have digests as names, while others add and remove some.</summary>
internal static class CacheFiles
{
    /// <summary>The digest that a file's name is; null for files that are not the cache's.</summary>
    public static Digest? DigestOf(FileSystemInfo file) => Digest.TryParse(file.Name, null, out Digest digest) ? digest : null;

    /// <summary>Those in a folder.</summary>
    public static IEnumerable<FileInfo> In(string folder) => Files(folder).Where(file => DigestOf(file) is not null);

    /// <summary>Those in the folders of a folder, which have the first two digits of their names.</summary>
    public static IEnumerable<FileInfo> Below(string folder) => Folders(folder).SelectMany(each => In(each.FullName));

    /// <summary>The folders that files with digests are in.</summary>
    public static IEnumerable<DirectoryInfo> Folders(string folder) =>
        Seen(() => new DirectoryInfo(folder).GetDirectories("??")).Where(each => each.Name.All(char.IsAsciiHexDigitLower));

    /// <summary>All files in a folder.</summary>
    public static IEnumerable<FileInfo> Files(string folder) => Seen(() => new DirectoryInfo(folder).GetFiles());

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
