using System.Diagnostics;

namespace Leat.Streams;

/// <summary>
/// Has programs start as leaders of process groups of their own, so that they can be ended with all that they have started, also where those
/// between have ended. That takes the system's <c>setsid</c>; where there is none, programs stay in the group of this one.
/// </summary>
internal static class OwnGroup
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string? Tool = OperatingSystem.IsWindows() ? null : Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);

    /// <summary>Changes what is to be started. The number of its process will be that of its group.</summary>
    /// <returns>False where that can't be, or where there is no such program, which its start will tell.</returns>
    public static bool TryLead(ProcessStartInfo info)
    {
        if (Tool is null || Find(info.FileName) is not { } program) return false;
        info.ArgumentList.Insert(0, program);
        info.FileName = Tool;
        return true;
    }

    // As .NET looks for programs: it takes the PATH of this process, and not that which the program will have.
    private static string? Find(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal)) return IsProgram(name) ? Path.GetFullPath(name) : null;
        string own = Path.GetDirectoryName(Environment.ProcessPath) ?? "";
        IEnumerable<string> folders = [own, Directory.GetCurrentDirectory(), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)];
        return folders.Select(folder => Path.GetFullPath(Path.Combine(folder, name))).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != UnixFileMode.None;
}
