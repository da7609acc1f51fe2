using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>Sets the time of a file to that of the file system, which on a network is not this machine's.</summary>
internal static partial class FileTouch
{
    private const int CurrentDirectory = -100;

    /// <summary>Sets the last-write time to now, as well as that can be done; false if it can't.</summary>
    public static bool Now(string path)
    {
        if (OperatingSystem.IsLinux()) return SetTimes(CurrentDirectory, path, 0, 0) == 0;
        try
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception error) when (FileTrouble.IsOne(error))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "utimensat", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetTimes(int directory, string path, nint now, int flags);
}
