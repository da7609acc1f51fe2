using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>What Linux tells of a file, by one call.</summary>
/// <param name="IsDirectory">True for a folder.</param>
/// <param name="Stamp">Its size and times.</param>
/// <param name="Device">The device that it is on.</param>
internal readonly partial record struct FileStatus(bool IsDirectory, FileStamp Stamp, ulong Device)
{
    private const int CurrentDirectory = -100;
    // Type, mode, size, times.
    private const uint Wanted = 0x1 | 0x2 | 0x40 | 0x80 | 0x200;
    private const int Size = 256;
    private const int TypeMask = 0xF000, Directory = 0x4000;
    private const int NoEntry = 2, NotDirectory = 20, NameTooLong = 36, Loop = 40;

    /// <summary>Finds out about a file, behind links.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="IOException">It can't be found out.</exception>
    public static unsafe bool TryGet(string path, out FileStatus status)
    {
        byte* buffer = stackalloc byte[Size];
        if (Get(CurrentDirectory, path, 0, Wanted, buffer) != 0)
        {
            status = default;
            int error = Marshal.GetLastPInvokeError();
            return error is NoEntry or NotDirectory or NameTooLong or Loop ? false : throw Trouble(path, error);
        }

        var bytes = new ReadOnlySpan<byte>(buffer, Size);
        int mode = Read16(bytes[28..]);
        ulong device = ((ulong)Read32(bytes[136..]) << 32) | Read32(bytes[140..]);
        status = new FileStatus((mode & TypeMask) == Directory, new FileStamp((long)Read64(bytes[40..]), TimeAt(bytes[112..]), TimeAt(bytes[96..])), device);
        return true;
    }

    private static Exception Trouble(string path, int error)
    {
        const int noAccess = 13;
        string message = $"'{path}': {Marshal.GetPInvokeErrorMessage(error)}";
        return error == noAccess ? new UnauthorizedAccessException(message) : new IOException(message);
    }

    // Seconds and nanoseconds since 1970; times that .NET does not have become its first or last one.
    private static DateTime TimeAt(ReadOnlySpan<byte> bytes)
    {
        long seconds = Math.Clamp((long)Read64(bytes), -62_135_596_800, 253_402_300_799);
        return new DateTime(DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (Read32(bytes[8..]) / TimeSpan.NanosecondsPerTick), DateTimeKind.Utc);
    }

    // The structure is in the machine's own order of bytes.
    private static int Read16(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt16(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt32(bytes);

    private static ulong Read64(ReadOnlySpan<byte> bytes) => BitConverter.ToUInt64(bytes);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Get(int directory, string path, int flags, uint mask, byte* status);
}
