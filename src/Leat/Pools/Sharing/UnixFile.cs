using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Leat.Pools;

/// <summary>What Linux does with files and .NET does not offer.</summary>
internal static partial class UnixFile
{
    public const int WouldBlock = 11;

    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Unlocking = 8;
    private const int AtCurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const short Readable = 1;
    private const int OwnerOnly = 0x180;

    [Flags]
    public enum OpenMode
    {
        Read = 0,
        Write = 1,
        ReadWrite = 2,
        Create = 0x40,
        NonBlocking = 0x800,
        CloseOnExec = 0x80000,
    }

    /// <summary>The number of this user.</summary>
    public static uint User => EffectiveUser();

    /// <summary>Locks a file against others that lock it; false when another has.</summary>
    public static bool TryLock(SafeFileHandle file) => Lock(file, LockExclusive | LockNonBlocking) == 0;

    public static void Unlock(SafeFileHandle file) => _ = Lock(file, Unlocking);

    /// <summary>What the system knows of a path, not of what it links to; null when there is nothing.</summary>
    public static FileFacts? Of(string path) =>
        Stat(AtCurrentDirectory, path, NoFollow, BasicStats, out FileFacts facts) == 0 ? facts : null;

    /// <summary>What the system knows of an open file.</summary>
    public static FileFacts? Of(SafeFileHandle file) =>
        Stat((int)file.DangerousGetHandle(), "", EmptyPath, BasicStats, out FileFacts facts) == 0 ? facts : null;

    /// <summary>Gives a file another name; false if that can't be: on another disk, for one.</summary>
    public static bool TryLink(string path, string other) => !OperatingSystem.IsWindows() && Link(path, other) == 0;

    /// <summary>Opens a file; null, with the system's error, if it can't be.</summary>
    public static SafeFileHandle? Open(string path, OpenMode mode)
    {
        int descriptor = OpenFile(path, (int)(mode | OpenMode.CloseOnExec), OwnerOnly);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Reads; less than 0, with the system's error, if nothing can be read now.</summary>
    public static nint Read(SafeFileHandle file, Span<byte> bytes) => ReadFile(file, ref MemoryMarshal.GetReference(bytes), bytes.Length);

    public static nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes) => WriteFile(file, ref MemoryMarshal.GetReference(bytes), bytes.Length);

    /// <summary>Waits until there is something to read, but not longer than a time.</summary>
    public static void WaitForInput(SafeFileHandle file, TimeSpan longest)
    {
        var one = new PollEntry { Descriptor = (int)file.DangerousGetHandle(), Events = Readable };
        _ = Poll(ref one, 1, (int)longest.TotalMilliseconds);
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string path, string other);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(int directory, string path, int flags, uint mask, out FileFacts facts);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags, int rights);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadFile(SafeFileHandle file, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteFile(SafeFileHandle file, ref byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    /// <summary><c>struct statx</c>, as far as it is of use.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public readonly struct FileFacts
    {
        private const int Kinds = 0xf000;
        private const int DirectoryKind = 0x4000;
        private const int OthersRights = 0x3f;

        [FieldOffset(16)]
        public readonly uint Links;

        [FieldOffset(20)]
        public readonly uint Owner;

        [FieldOffset(28)]
        private readonly ushort mode;

        public bool IsDirectory => (mode & Kinds) == DirectoryKind;

        /// <summary>True when nobody but the owner may do anything with it.</summary>
        public bool IsPrivate => (mode & OthersRights) == 0;
    }

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }
}
