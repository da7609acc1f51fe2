using System.Runtime.InteropServices;

namespace Leat.Pools;

/// <summary>What Unix knows of processes and .NET does not offer. On Windows nothing of it is called.</summary>
internal static partial class UnixProcess
{
    private const int Kill = 9;

    private static bool leads;

    /// <summary>
    /// Makes this process the leader of a group of its own, to which all that it starts belongs: Ctrl+C in the terminal does
    /// not reach it, and it can be ended as a whole.
    /// </summary>
    public static void LeadOwnGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            leads = SetGroup(0, 0) == 0;
        }
    }

    /// <summary>The process that has started this one.</summary>
    public static int Parent => OperatingSystem.IsWindows() ? 0 : GetParent();

    /// <summary>Ends a process and its group at once.</summary>
    public static void KillWithGroup(int leader)
    {
        KillGroup(leader);
        _ = Signal(leader, Kill);
    }

    /// <summary>Ends the group of a process that may have ended itself.</summary>
    public static void KillGroup(int leader) => _ = Signal(-leader, Kill);

    /// <summary>Ends this process and its group at once; nothing that the author's code does can stop it.</summary>
    public static void KillOwnGroup()
    {
        if (leads)
        {
            // Else the group is that of somebody else, such as a shell.
            _ = Signal(0, Kill);
        }

        using var own = System.Diagnostics.Process.GetCurrentProcess();
        own.Kill();
    }

    /// <summary>
    /// Keeps the standard streams for the protocol: gives the descriptors that lead where they lead, and lets the author's code
    /// write to the standard error instead.
    /// </summary>
    public static (int Input, int Output) TakeStandardStreams()
    {
        int input = Duplicate(0);
        int output = Duplicate(1);
        _ = DuplicateTo(2, 1);
        int nothing = Open("/dev/null", 0);
        _ = DuplicateTo(nothing, 0);
        return (input, output);
    }

    /// <summary>The name of a signal, with its number.</summary>
    public static string NameOfSignal(int signal) => signal switch
    {
        4 => "signal 4 (SIGILL)",
        6 => "signal 6 (SIGABRT)",
        7 => "signal 7 (SIGBUS)",
        8 => "signal 8 (SIGFPE)",
        9 => "signal 9 (SIGKILL; the system does that, too, when memory runs out)",
        11 => "signal 11 (SIGSEGV)",
        15 => "signal 15 (SIGTERM)",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"signal {signal}"),
    };

    [LibraryImport("libc", EntryPoint = "setpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetGroup(int process, int group);

    [LibraryImport("libc", EntryPoint = "getppid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "dup")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DuplicateTo(int descriptor, int other);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
