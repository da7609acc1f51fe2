using System.Collections.Concurrent;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Knows the digests of the contents of files; a file is read again only when its size or time has changed.</summary>
/// <remarks>
/// A file that is written twice within the grain of the file system's clock has the same time both times. So a digest is
/// trusted later only if the file's time was some time ago when it was read.
/// </remarks>
/// <param name="records">Where digests are kept for other processes; null if nowhere.</param>
internal sealed class FileDigests(IFileRecords? records = null)
{
    private const int MostAttempts = 3;

    // Reading a small file again is cheaper than reading what was kept of it.
    private const int SmallestKept = 256 * 1024;

    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, KnownFile> known = new(StringComparer.Ordinal);

    /// <summary>Those of no cache in particular.</summary>
    public static FileDigests Shared { get; } = new();

    /// <summary>How many files were read; for tests.</summary>
    internal int Reads { get; private set; }

    /// <summary>A file as it is.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isOutput">True when a function has made it.</param>
    /// <exception cref="LeatException">There is no such file, or it can't be read.</exception>
    public FileState StateOf(string path, bool isOutput)
    {
        try
        {
            string full = Path.GetFullPath(path);
            FileStamp stamp = FileStamp.Of(full) ?? throw StorageErrors.FileMissing(path, full, isOutput);
            Digest content = DigestOf(full, ref stamp);
            return new FileState(path, stamp.Size, stamp.Written, content, isOutput);
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            throw StorageErrors.FileUnreadable(path, error);
        }
    }

    /// <summary>Somebody else has found out the digest of a file.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="stamp">Its size and times, when it was read.</param>
    /// <param name="content">The digest.</param>
    public void Learn(string path, FileStamp stamp, Digest content) => known[path] = new KnownFile(stamp, content);

    /// <summary>True when a file has the size and the time that it had.</summary>
    public static bool IsUnchanged(FileState state)
    {
        try
        {
            return FileStamp.Of(Path.GetFullPath(state.Path)) is { } now && now.Size == state.Size && now.Written == state.Written;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return false;
        }
    }

    private Digest DigestOf(string path, ref FileStamp stamp)
    {
        if (known.TryGetValue(path, out KnownFile? file) && file.Stamp == stamp) return file.Content;
        if (stamp.Size >= SmallestKept && records?.Find(path, stamp) is { } kept)
        {
            known[path] = new KnownFile(stamp, kept);
            return kept;
        }
        for (int attempt = 1; ; attempt++)
        {
            DateTime began = TimeProvider.System.GetUtcNow().UtcDateTime;
            Digest content = Read(path);
            FileStamp after = FileStamp.Of(path) ?? throw StorageErrors.FileMissing(path, path, isOutput: false);
            bool isSame = after == stamp;
            stamp = after;
            if (!isSame && attempt < MostAttempts) continue;
            if (!isSame || began - stamp.Written < Grain) return content;
            known[path] = new KnownFile(stamp, content);
            if (stamp.Size >= SmallestKept) records?.Keep(path, stamp, content);
            return content;
        }
    }

    private Digest Read(string path)
    {
        Reads++;
        return FileContent.DigestOf(path);
    }

    private sealed record KnownFile(FileStamp Stamp, Digest Content);
}

/// <summary>Keeps the digests of files for other processes of this machine.</summary>
internal interface IFileRecords
{
    /// <summary>The digest of a file's content, if it was kept when the file had the stamp that it has now.</summary>
    Digest? Find(string path, FileStamp stamp);

    /// <summary>Keeps the digest of a file's content, as well as that can be done.</summary>
    void Keep(string path, FileStamp stamp, Digest content);
}
