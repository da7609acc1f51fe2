using System.Diagnostics;
using System.Globalization;

namespace Leat.Pools;

/// <summary>
/// Has programs start as leaders of process groups of their own, so that they can be ended with all that they have started, also where those
/// between have ended. That takes the system's <c>setsid</c>; where there is none, programs stay in the group of this one.
/// </summary>
internal static class OwnGroup
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] OfShells = ["PWD", "OLDPWD", "SHLVL", "_"];

    private static readonly string? Tool = OperatingSystem.IsWindows() ? null : Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists);

    // Where it can't write, the program that starts it may have been killed; then it must not begin.
    private const string SignIn = "trap '' PIPE; { echo \"+ $$\" > \"$0\"; } 2>/dev/null || grep -q \"^PPid:.$1\\$\" /proc/$$/status || exit 125; trap - PIPE; shift; exec \"$@\"";

    /// <summary>Changes what is to be started. The number of its process will be that of its group.</summary>
    /// <param name="info">What is to be started.</param>
    /// <param name="register">A file into which it writes <c>+</c> and its number before it begins; null for none.</param>
    /// <returns>False where that can't be, or where there is no such program, which its start will tell.</returns>
    public static bool TryLead(ProcessStartInfo info, string? register = null)
    {
        if (Tool is null || Find(info.FileName) is not { } program) return false;

        // What has an equals sign in it is a variable to env.
        string[] words = register is null || program.Contains('=', StringComparison.Ordinal)
            ? [program]
            : ["/bin/sh", "-c", SignIn, register, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "/usr/bin/env", .. BehindShell(info.Environment), program];
        for (int i = 0; i < words.Length; i++) info.ArgumentList.Insert(i, words[i]);
        info.FileName = Tool;
        return true;
    }

    // A shell sets some variables, and drops those that have no names of its own, such as the functions that bash exports.
    private static IEnumerable<string> BehindShell(IDictionary<string, string?> variables)
    {
        foreach (string name in OfShells.Where(name => variables.TryGetValue(name, out string? value) is false || value is null))
        {
            yield return "-u";
            yield return name;
        }

        foreach ((string name, string? value) in variables)
        {
            if (value is null) continue;
            if (OfShells.Contains(name, StringComparer.Ordinal) || !name.All(each => each == '_' || char.IsAsciiLetterOrDigit(each)) || char.IsAsciiDigit(name[0])) yield return $"{name}={value}";
        }
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
