using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>
/// Connects to a socket that has a path as the system does it. The start of .NET's own sockets takes longer than all else that a worker does before its
/// first item. Only for Linux, as every system has constants of its own.
/// </summary>
internal static partial class UnixSocket
{
    // See unix(7), socket(2) and socket(7).
    private const ushort Family = 1;
    private const int Stream = 1;
    private const int CloseOnExecute = 0x80000;
    private const int OfSockets = 1;
    private const int SendBuffer = 7;
    private const int AddressSize = 110;
    private const int Interrupted = 4;

    /// <summary>Connects, and gives both directions as a stream.</summary>
    /// <param name="path">Where the other side listens.</param>
    /// <param name="sendBuffer">Bytes that the system is asked to take without the other side.</param>
    /// <exception cref="IOException">Nobody listens there.</exception>
    public static DuplexStream Connect(string path, int sendBuffer)
    {
        Span<byte> address = stackalloc byte[AddressSize];
        address.Clear();
        MemoryMarshal.Write(address, Family);
        if (!System.Text.Encoding.UTF8.TryGetBytes(path, address[sizeof(ushort)..^1], out _)) throw new IOException($"The path '{path}' is too long for a socket.");
        var handle = new SafeFileHandle(Create(Family, Stream | CloseOnExecute, 0), ownsHandle: true);
        if (handle.IsInvalid) throw Fault(path);
        while (Connect(handle, address, AddressSize) != 0)
        {
            if (Marshal.GetLastPInvokeError() == Interrupted) continue;
            IOException fault = Fault(path);
            handle.Dispose();
            throw fault;
        }

        _ = SetOption(handle, OfSockets, SendBuffer, sendBuffer, sizeof(int));
        return new DuplexStream(new FileStream(handle, FileAccess.Read, bufferSize: 0), new FileStream(handle, FileAccess.Write, bufferSize: 0));
    }

    private static IOException Fault(string path) => new($"'{path}': {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Create(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Connect(SafeFileHandle socket, ReadOnlySpan<byte> address, int size);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(SafeFileHandle socket, int level, int name, in int value, int size);
}
