namespace Leat.Storage;

/// <summary>What the file system tells of a file without reading it.</summary>
/// <param name="Size">Bytes in it.</param>
/// <param name="Written">When it was last written to.</param>
/// <param name="Created">When it was made: one that was renamed into its place may have an old time and the same size.</param>
internal readonly record struct FileStamp(long Size, DateTime Written, DateTime Created)
{
    /// <summary>The stamp of a file, or null if there is no such file.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc, file.CreationTimeUtc) : null;
    }
}
