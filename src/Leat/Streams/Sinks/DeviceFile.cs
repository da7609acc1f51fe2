namespace Leat.Streams;

/// <summary>
/// A file that is no place on a disk: a pipe, a terminal, <c>/dev/null</c>. It is written as it is, because a rename
/// would put an ordinary file in its place.
/// </summary>
internal sealed class DeviceFile : OutputFile
{
    private readonly FileStream stream;

    private DeviceFile(FileStream stream) => this.stream = stream;

    public override Stream Stream => stream;

    public override bool IsLive => true;

    /// <summary>Opens a device; null if the path is none.</summary>
    public static DeviceFile? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }

        if (IsBelow(path, "/dev") && !IsBelow(path, "/dev/shm"))
        {
            return new DeviceFile(OpenFile(path, FileAccess.Write));
        }

        return TryOpenPipe(path);
    }

    public override void Commit() => stream.Dispose();

    public override void Abandon() => stream.Dispose();

    // Only an open file tells whether it is a pipe. To open one for writing alone would wait for a reader, and to open
    // it twice could show a reader an end between the two.
    private static DeviceFile? TryOpenPipe(string path)
    {
        FileStream? file = null;
        try
        {
            file = OpenFile(path, FileAccess.ReadWrite);
            if (!file.CanSeek)
            {
                return new DeviceFile(file);
            }
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            // An ordinary file may be replaced even where it can't be written.
        }

        file?.Dispose();
        return null;
    }

    private static FileStream OpenFile(string path, FileAccess access) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = access,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);
}
