using System.Runtime.InteropServices;

namespace Leat.Tests.Jobs.Execution;

/// <summary>What native libraries see.</summary>
internal static partial class Native
{
    public static string? Variable(string name) => Marshal.PtrToStringUTF8(GetEnvironment(name));

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetEnvironment(string name);
}
