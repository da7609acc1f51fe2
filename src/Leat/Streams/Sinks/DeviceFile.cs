using System.Runtime.InteropServices;

namespace Leat.Streams;

/// <summary>
/// A file that is no place on a disk: a pipe, a terminal, <c>/dev/null</c>, directly or behind a link. It is written as it
/// is, because a rename would put an ordinary file in its place.
/// </summary>
internal sealed class DeviceFile : SinkFile
{
    // Names of the program's own standard output, which another opening would write from its start.
    private static readonly string[] OutputNames = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    private DeviceFile(Stream stream) => Stream = stream;

    public override Stream Stream { get; }

    public override bool IsLive => true;

    /// <summary>Opens a device; null if the path is none. A pipe is opened when somebody reads it.</summary>
    public static DeviceFile? TryOpen(string path)
    {
        if (!OperatingSystem.IsWindows() && OutputNames.Contains(path))
        {
            return new DeviceFile(StandardStreams.OpenOutput());
        }

        return IsDevice(path) ? new DeviceFile(OpenFile(path)) : null;
    }

    public override void Commit() => Stream.Dispose();

    public override void Abandon() => Stream.Dispose();

    // For writing alone: a reader that has ended must be noticed, and one that is not there yet waited for.
    private static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });

    // Only Linux is asked what a file is; elsewhere a device is known by its folder.
    private static bool IsDevice(string path) => OperatingSystem.IsLinux()
        ? FileStatus.TypeOf(path) is not (FileStatus.Missing or FileStatus.Regular or FileStatus.Folder)
        : !OperatingSystem.IsWindows() && File.Exists(path) && path.StartsWith("/dev/", StringComparison.Ordinal);
}

/// <summary>Asks Linux what kind of file a path names, which .NET does not tell.</summary>
internal static partial class FileStatus
{
    /// <summary>There is no such file, or it can't be asked for.</summary>
    public const int Missing = 0;

    /// <summary>An ordinary file.</summary>
    public const int Regular = 0x8000;

    /// <summary>A folder.</summary>
    public const int Folder = 0x4000;

    private const int CurrentFolder = -100;
    private const uint TypeMask = 1;
    private const int TypeBits = 0xF000;

    // The fixed layout of statx(2), the same on every architecture: 256 bytes, the mode at byte 28.
    private const int StatusSize = 256;
    private const int ModeAt = 28;

    /// <summary>The file's type, as in the mode of stat(2), links followed.</summary>
    public static int TypeOf(string path)
    {
        Span<byte> status = stackalloc byte[StatusSize];
        return Status(CurrentFolder, path, 0, TypeMask, ref MemoryMarshal.GetReference(status)) == 0
            ? MemoryMarshal.Read<ushort>(status[ModeAt..]) & TypeBits
            : Missing;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);
}
