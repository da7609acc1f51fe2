namespace Leat.Storage;

/// <summary>What the file system tells of a file without reading it.</summary>
/// <param name="Size">Bytes in it.</param>
/// <param name="Written">When it was last written to.</param>
/// <param name="Changed">
/// When anything of it was last changed, its name among that: one that was renamed into its place may have an old time and the same
/// size. Where the system does not tell, when it was made.
/// </param>
internal readonly record struct FileStamp(long Size, DateTime Written, DateTime Changed)
{
    /// <summary>The stamp of a file, or null if there is no such file; a folder is none.</summary>
    public static FileStamp? Of(string path)
    {
        if (OperatingSystem.IsLinux()) return FileStatus.TryGet(path, out FileStatus status) && !status.IsDirectory ? status.Stamp : null;
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc) : null;
    }
}
