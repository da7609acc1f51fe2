using System.Runtime.InteropServices;

namespace Leat.Storage;

/// <summary>
/// Reads a small file whole, as fast as the system can open, read and close one. That there is no such file is no error.
/// </summary>
internal static partial class SmallFile
{
    private const int MostAttempts = 4;
    private const int FirstBuffer = 8 * 1024;
    private const int LargestKeptBuffer = 64 * 1024;
    private const int Largest = 64 * 1024 * 1024;

    // Of Linux, on all processors that .NET runs on.
    private const int ReadOnlyCloseOnExecNonBlocking = 0x80800;
    private const int NoEntry = 2, Interrupted = 4, NoAccess = 13, NotDirectory = 20, Stale = 116;

    [ThreadStatic]
    private static byte[]? buffer;

    /// <summary>The content, or null if there is no such file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not read it.</exception>
    public static byte[]? TryRead(string path) => OperatingSystem.IsLinux() ? ReadDescriptor(path) : ReadStream(path);

    private static byte[]? ReadDescriptor(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            int file = Open(path, ReadOnlyCloseOnExecNonBlocking);
            if (file >= 0)
            {
                int length = ReadAll(file, out int error);
                _ = Close(file);
                if (length >= 0) return Take(length);
                if (attempt >= MostAttempts || error is not (Stale or Interrupted)) throw Error(path, error);
                continue;
            }
            int code = Marshal.GetLastPInvokeError();
            if (code is NoEntry or NotDirectory) return null;
            // On a network file system the file may just have been replaced, or removed.
            if (attempt >= MostAttempts && code == Stale) return null;
            if (attempt >= MostAttempts || code is not (Stale or Interrupted)) throw Error(path, code);
        }
    }

    private static byte[] Take(int length)
    {
        byte[] bytes = buffer.AsSpan(0, length).ToArray();
        if (buffer!.Length > LargestKeptBuffer) buffer = null;
        return bytes;
    }

    private static unsafe int ReadAll(int file, out int error)
    {
        buffer ??= new byte[FirstBuffer];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            nint count;
            fixed (byte* start = &buffer[length]) count = Read(file, start, buffer.Length - length);
            error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (count < 0) return -1;
            length += (int)count;
            // One that is larger is not what was written here, and is refused as what it is by its reader.
            if (count == 0 || length >= Largest) return length;
        }
    }

    private static Exception Error(string path, int code)
    {
        string message = $"{Marshal.GetPInvokeErrorMessage(code)} : '{path}'";
        return code == NoAccess ? new UnauthorizedAccessException(message) : new IOException(message, code);
    }

    private static byte[]? ReadStream(string path)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[Math.Min(RandomAccess.GetLength(file), Largest)];
            int length = 0;
            while (length < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and int count) length += count;
            return length == bytes.Length ? bytes : bytes[..length];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint Read(int file, byte* start, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
