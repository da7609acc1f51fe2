using System.Security.Cryptography;
using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>A set of files, which counts by the paths within a folder, and by content.</summary>
internal static class FileSet
{
    /// <summary>By which digest files count together.</summary>
    /// <param name="files">The files, ordered by path.</param>
    /// <param name="folder">How the path of the folder begins theirs, with a '/' behind it; null for the folder that holds all of them, wherever that lies.</param>
    public static Digest ContentOf(List<RecordedFile> files, string? folder = null)
    {
        int root = folder is not null ? files.TrueForAll(each => each.Path.StartsWith(folder, StringComparison.Ordinal)) ? folder.Length : 0
            : files.Count == 0 ? 0 : RootOf(files[0].Path, files[^1].Path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[Digest.Size];
        foreach (RecordedFile file in files)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(file.Path[root..]));
            file.Content.CopyTo(bytes);
            hash.AppendData(bytes);
        }

        return new Digest(hash.GetHashAndReset());
    }

    // How many characters the folder takes that holds the first and the last of them, and so all.
    private static int RootOf(string first, string last)
    {
        int root = 0;
        for (int i = 0; i < first.Length && i < last.Length && first[i] == last[i]; i++)
        {
            if (first[i] == '/') root = i + 1;
        }

        return first == last ? first.LastIndexOf('/') + 1 : root;
    }
}
