using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>
/// Memory that a process fills and another one on the same machine reads: a file that has no name, so that nothing of it is
/// left however the two end. Only Linux has such files, and lets the other process open them by way of <c>/proc</c>;
/// elsewhere there is none, and large messages go through the stream.
/// </summary>
internal sealed partial class PayloadFile : IDisposable
{
    private const uint CloseOnExecute = 1;
    private const long Granule = 64 * 1024;
    private const long LargestFile = 1L << 30;
    private const long LargestKept = 128 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly SafeFileHandle handle;
    private readonly Dictionary<long, long> taken = [];
    private readonly List<(long Offset, long Length)> free = [];
    private long length;

    private PayloadFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Where the other process finds it.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{handle.DangerousGetHandle()}");

    /// <summary>Null where there can't be any.</summary>
    public static PayloadFile? TryCreate()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        SafeFileHandle nameless = CreateNameless("leat", CloseOnExecute);
        return nameless.IsInvalid ? null : new PayloadFile(nameless);
    }

    /// <summary>Puts bytes where the other process reads them until it says that it has; null when there is no room.</summary>
    public long? TryWrite(ReadOnlySpan<byte> bytes)
    {
        long offset;
        lock (gate)
        {
            if (TryTake((bytes.Length + Granule - 1) / Granule * Granule) is not { } found)
            {
                return null;
            }

            offset = found;
        }

        try
        {
            RandomAccess.Write(handle, bytes, offset);
            return offset;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The memory is full.
            Free(offset);
            return null;
        }
    }

    /// <summary>Takes note that bytes were read.</summary>
    public void Free(long offset)
    {
        lock (gate)
        {
            if (!taken.Remove(offset, out long size))
            {
                return;
            }

            if (taken.Count > 0)
            {
                free.Add((offset, size));
                return;
            }

            // A single piece again; or, where it has grown large, none: the machine gets it back.
            free.Clear();
            if (length > LargestKept && !handle.IsClosed)
            {
                length = 0;
                RandomAccess.SetLength(handle, 0);
            }
            else
            {
                free.Add((0, length));
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            handle.Dispose();
        }
    }

    // See memfd_create(2).
    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle CreateNameless(string name, uint flags);

    private long? TryTake(long size)
    {
        int best = -1;
        for (int i = 0; i < free.Count; i++)
        {
            if (free[i].Length >= size && (best < 0 || free[i].Length < free[best].Length))
            {
                best = i;
            }
        }

        long offset = length;
        if (best >= 0)
        {
            offset = free[best].Offset;
            free[best] = (offset + size, free[best].Length - size);
            if (free[best].Length == 0)
            {
                free.RemoveAt(best);
            }
        }
        else if (length + size > LargestFile)
        {
            return null;
        }
        else
        {
            length += size;
        }

        taken.Add(offset, size);
        return offset;
    }
}

/// <summary>The memory that another process fills.</summary>
internal sealed class PeerPayloads(SafeFileHandle handle) : IDisposable
{
    /// <summary>Null when it can't be opened, as from another machine or container.</summary>
    public static PeerPayloads? TryOpen(string path)
    {
        try
        {
            return path.Length == 0 ? null : new PeerPayloads(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Read(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(handle, bytes, offset);
            if (read == 0)
            {
                throw new InvalidDataException("The shared memory is shorter than a message in it.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }

    public void Dispose() => handle.Dispose();
}
