using System.IO.Enumeration;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>Finds the files of an input folder. Links are followed, but not round in circles; links that lead nowhere are no files.</summary>
internal static class FolderFiles
{
    /// <summary>The whole paths of the files whose names match.</summary>
    /// <param name="folder">The whole path of the folder.</param>
    /// <param name="pattern">Which files, with <c>*</c> and <c>?</c>; a path in front of it leads to a folder below.</param>
    /// <param name="isRecursive">True to look into the folders in it, too.</param>
    public static IEnumerable<string> In(string folder, string pattern, bool isRecursive)
    {
        if (Path.GetDirectoryName(pattern) is { Length: > 0 } below) folder = Path.Combine(folder, below);
        string name = Path.GetFileName(pattern);
        var options = new EnumerationOptions { RecurseSubdirectories = isRecursive, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        return new FileSystemEnumerable<string>(folder, static (ref entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && FileSystemName.MatchesSimpleExpression(name, entry.FileName, OperatingSystem.IsWindows()) && !(IsLink(ref entry) && FileStamp.Of(entry.ToFullPath()) is null),
            ShouldRecursePredicate = (ref entry) => !IsLink(ref entry) || !IsCircle(folder, entry.ToFullPath()),
        };
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    // It leads to a folder through which one has come, or to one around that.
    private static bool IsCircle(string folder, string link)
    {
        string target = RealPath(link);
        string around = target.EndsWith(Path.DirectorySeparatorChar) ? target : target + Path.DirectorySeparatorChar;
        for (string? at = Path.GetDirectoryName(link); at is not null && at.Length >= folder.Length; at = Path.GetDirectoryName(at))
        {
            string real = RealPath(at);
            if (real == target || real.StartsWith(around, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    // Without links, also in the folders that it goes through.
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target) real = RealPath(target.FullName);
        }

        return real;
    }
}
