using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Finds out by which digests files count. A file is read only when its size or times are not those that were recorded.</summary>
/// <param name="files">Gets to know what was found out, for files that actions have captured.</param>
internal sealed class FileObserver(FileDigests files)
{
    // A file that is written twice within the grain of a file system's clock has the same times both times: its digest is not trusted later.
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    // A stamp that no file has.
    private static readonly FileStamp Untrusted = new(-1, default, default);

    /// <summary>A file as it is; null if there is none.</summary>
    /// <param name="path">Its whole path.</param>
    /// <param name="id">What it is called in records.</param>
    /// <param name="last">How it was recorded last, if it was.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not read it.</exception>
    public RecordedFile? Observe(string path, string id, RecordedFile? last)
    {
        if (FileStamp.Of(path) is not { } stamp) return null;
        if (last is { } known && known.Stamp == stamp)
        {
            files.Learn(path, stamp, known.Content);
            return known with { Path = id };
        }

        DateTime began = TimeProvider.System.GetUtcNow().UtcDateTime;
        Digest content = Sidecar.TryRead(path, stamp) ?? FileContent.DigestOf(path);
        bool isSame = FileStamp.Of(path) == stamp;
        // Actions that have captured it see it in this run as it is seen here, by a digest that stands beside it for one; else their code would change
        // when, in a later run, the file is old enough to be trusted.
        if (isSame) files.Learn(path, stamp, content);
        return new RecordedFile(id, isSame && began - stamp.Changed >= Grain ? stamp : Untrusted, content);
    }
}
