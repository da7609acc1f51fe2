using System.Globalization;
using System.Runtime.InteropServices;

namespace Leat.Tests.Pools;

/// <summary>The processes that a process has started, and what can be done to them.</summary>
internal static partial class Children
{
    private const int KillSignal = 9;
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;

    /// <summary>The children of a process, with those that have ended and that nobody has waited for.</summary>
    public static List<int> Of(int parent) =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent),
    ];

    public static void Kill(int id) => _ = Signal(id, KillSignal);

    public static void Freeze(int id) => _ = Signal(id, StopSignal);

    public static void Thaw(int id) => _ = Signal(id, ContinueSignal);

    /// <summary>Closes all files of this process but the standard streams.</summary>
    public static void CloseAllFiles()
    {
        for (int i = 3; i < 512; i++) _ = Close(i);
    }

    public static int ParentOf(int id)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
