using System.Runtime.InteropServices;

namespace Leat.Jobs;

/// <summary>The environment variables of this process, for .NET and for native libraries alike: on Unix .NET has a copy of its own, which these don't see.</summary>
internal static partial class ProcessEnvironment
{
    /// <summary>Sets a variable, for the programs that are started from now on as well.</summary>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows()) _ = SetNative(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
