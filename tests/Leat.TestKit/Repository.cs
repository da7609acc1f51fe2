using System.Runtime.CompilerServices;

namespace Leat.TestKit;

/// <summary>Where the repository lies whose tests are running, and which files are its own.</summary>
public static class Repository
{
    private static readonly string[] Unowned = [".git", ".leat", ".vs", ".vscode", ".idea", "artifacts", "bin", "obj", "TestResults"];

    /// <summary>The absolute path of the directory that holds <c>Leat.slnx</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">Neither the sources nor the built tests lie in a repository.</exception>
    public static string Root { get; } = RootAbove(SourceDirectory()) ?? RootAbove(AppContext.BaseDirectory)
        ?? throw new DirectoryNotFoundException(
            $"No directory above {SourceDirectory()} or {AppContext.BaseDirectory} holds Leat.slnx. Run the tests from a checkout.");

    /// <summary>The absolute path of a file or directory, given relative to <see cref="Root"/>.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Root, relative));

    /// <summary>
    /// Absolute paths of the files that match, in ordinal order, without what builds and runs leave behind.
    /// </summary>
    /// <param name="directory">Relative to <see cref="Root"/>; searched with all below it. Nothing is found where it is missing.</param>
    /// <param name="pattern">For the file name alone, such as <c>*.cs</c>.</param>
    public static IReadOnlyList<string> Files(string directory, string pattern)
    {
        var found = new List<string>();
        Collect(new DirectoryInfo(PathOf(directory)), pattern, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>A path relative to <see cref="Root"/>, with forward slashes.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static void Collect(DirectoryInfo directory, string pattern, List<string> found)
    {
        if (!directory.Exists) return;
        found.AddRange(directory.EnumerateFiles(pattern).Select(file => file.FullName));
        foreach (DirectoryInfo child in directory.EnumerateDirectories())
        {
            if (!Unowned.Contains(child.Name, StringComparer.Ordinal)) Collect(child, pattern, found);
        }
    }

    private static string? RootAbove(string? start)
    {
        for (string? directory = start; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Leat.slnx"))) return directory;
        }
        return null;
    }

    private static string? SourceDirectory([CallerFilePath] string sourceFile = "") => Path.GetDirectoryName(sourceFile);
}
