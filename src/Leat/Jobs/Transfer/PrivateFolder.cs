using System.Collections.Concurrent;

namespace Leat.Jobs;

/// <summary>
/// The private folders of jobs on a machine that does not see the files of the author's. Each process that uses one holds a lock on a file beside it for as
/// long as it lives: a folder that nobody holds was left behind, whatever has become of who made it.
/// </summary>
internal static class PrivateFolder
{
    private const string LockName = "lock";
    private const string FilesName = "files";

    private static readonly ConcurrentDictionary<string, FileStream> Held = new(StringComparer.Ordinal);

    /// <summary>Makes one, which is empty, and holds it.</summary>
    /// <param name="parent">The folder in which they are.</param>
    /// <returns>Its path, below which the files of the author's machine are found.</returns>
    public static string Make(string parent)
    {
        string folder = Path.Combine(parent, Guid.NewGuid().ToString("N"));
        string root = Directory.CreateDirectory(Path.Combine(folder, FilesName)).FullName;
        File.WriteAllBytes(Path.Combine(folder, LockName), []);
        Hold(root);
        return root;
    }

    /// <summary>Keeps one from being taken for left behind, as long as this process lives.</summary>
    public static void Hold(string root)
    {
        if (Held.ContainsKey(root)) return;
        try
        {
            var file = new FileStream(LockOf(root), FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!Held.TryAdd(root, file)) file.Dispose();
        }
        catch (IOException)
        {
            // It was removed: what looks for files in it finds none.
        }
    }

    /// <summary>Does not hold one any more.</summary>
    public static void Release(string root)
    {
        if (Held.TryRemove(root, out FileStream? held)) held.Dispose();
    }

    /// <summary>A name for a file that nobody is to see yet, on the same disk.</summary>
    public static string NameBeside(string root) => Path.Combine(Path.GetDirectoryName(root)!, Guid.NewGuid().ToString("N"));

    /// <summary>Removes one, as far as that goes.</summary>
    public static void Remove(string root)
    {
        Release(root);
        if (Path.GetFileName(root) == FilesName) Workspace.TryDelete(Path.GetDirectoryName(root)!);
    }

    /// <summary>Removes those that nobody has held for a while.</summary>
    /// <param name="parent">The folder in which they are.</param>
    /// <param name="oldest">Those that were made since then stay: they may be about to be held.</param>
    public static void RemoveLeftovers(string parent, DateTime oldest)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent))
        {
            string root = Path.Combine(folder, FilesName);
            if (File.GetLastWriteTimeUtc(File.Exists(LockOf(root)) ? LockOf(root) : folder) < oldest && IsFree(LockOf(root))) Remove(root);
        }
    }

    /// <summary>True when no process has a file open in a way that keeps others away, or it is not there.</summary>
    public static bool IsFree(string path)
    {
        try
        {
            // Some network file systems lock out others only for those who write.
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (IOException)
        {
            return !File.Exists(path);
        }
        catch (UnauthorizedAccessException)
        {
            // Who may only read it has done with it.
            return true;
        }
    }

    private static string LockOf(string root) => Path.Combine(Path.GetDirectoryName(root)!, LockName);
}
