using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>Brings the names in a directory to the disk, so that a renamed file keeps its name when the power goes.</summary>
internal static partial class DirectoryFlush
{
    // Of Linux, on all processors that .NET runs on.
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Does so as well as that can be done: not every file system knows it, and .NET has no call for it.</summary>
    public static void Try(string directory)
    {
        if (!OperatingSystem.IsLinux()) return;
        int descriptor = Open(directory, ReadOnlyCloseOnExec);
        if (descriptor < 0) return;
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
