using System.Globalization;
using Leat.Encoding;

namespace Leat.Storage;

/// <summary>Where everything lies in a cache's directory, and the file that says that it is one.</summary>
/// <param name="path">The directory, absolute.</param>
internal sealed class CacheDirectory(string path)
{
    /// <summary>The version of the layout.</summary>
    public const int Version = 1;

    private const string MarkerName = "leat-cache";
    private const string MarkerWords = "leat cache ";

    /// <summary>The directory.</summary>
    public string Root { get; } = path;

    public string Entries { get; } = Path.Combine(path, "entries");

    public string Objects { get; } = Path.Combine(path, "objects");

    public string Functions { get; } = Path.Combine(path, "functions");

    public string Files { get; } = Path.Combine(path, "files");

    public string Holds { get; } = Path.Combine(path, "holds");

    public string Quarantine { get; } = Path.Combine(path, "quarantine");

    /// <summary>The file that makes the directory a cache.</summary>
    public string Marker { get; } = Path.Combine(path, MarkerName);

    public string Entry(Digest key) => Place(Entries, key);

    public string Object(Digest content) => Place(Objects, content);

    public string FileRecord(Digest file) => Place(Files, file);

    public string Function(Digest function) => Path.Combine(Functions, function.ToString());

    /// <summary>Refuses a directory that is somebody else's, or a newer Leat's.</summary>
    /// <exception cref="LeatException">It is.</exception>
    public void Check()
    {
        byte[]? bytes = SmallFile.TryRead(Marker);
        if (bytes is null)
        {
            RefuseOthers();
            // Another process may have made the cache since.
            bytes = SmallFile.TryRead(Marker);
            if (bytes is null) return;
        }

        string text = System.Text.Encoding.UTF8.GetString(bytes);
        // Cut short by a full disk, or by a crash.
        if (MarkerText.StartsWith(text, StringComparison.Ordinal)) return;
        string first = text.Split('\n')[0];
        if (!first.StartsWith(MarkerWords, StringComparison.Ordinal)
            || !int.TryParse(first.AsSpan(MarkerWords.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            throw StorageErrors.NoCache(Root, $"its file '{MarkerName}' says something else");
        }
        if (version > Version) throw StorageErrors.NewerCache(Root, version, Version);
    }

    // A directory without the marker is a cache that is being made, or was damaged; or else somebody's, whose files are not ours.
    private void RefuseOthers()
    {
        string[] own = [Marker, Entries, Objects, Functions, Files, Holds, Quarantine];
        try
        {
            foreach (string each in Directory.EnumerateFileSystemEntries(Root))
            {
                if (!Path.GetFileName(each.AsSpan()).StartsWith(".", StringComparison.Ordinal) && !own.Contains(each, StringComparer.Ordinal)) throw StorageErrors.NoCache(Root, $"it holds '{Path.GetFileName(each)}'");
            }
        }
        catch (DirectoryNotFoundException)
        {
            // It is yet to be made, or another process has just removed it.
        }
    }

    /// <summary>
    /// Does something that writes to a place; makes the folders on the way to it, and the marker, if they are missing.
    /// </summary>
    public void Writing(string place, Action write)
    {
        if (TryWriting(write)) return;
        Make(place);
        // Somebody may be removing all of it at this moment: again, and then it is an error.
        if (TryWriting(write)) return;
        Make(place);
        write();
    }

    private static bool TryWriting(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            return false;
        }
    }

    private void Make(string place)
    {
        Directory.CreateDirectory(Root);
        Check();
        if (!File.Exists(Marker)) AtomicFile.Write(Marker, System.Text.Encoding.UTF8.GetBytes(MarkerText), flush: false);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
    }

    private static string MarkerText => string.Create(CultureInfo.InvariantCulture, $"{MarkerWords}{Version}\nResults of functions; docs/cache-format.md of Leat describes the files. It may be deleted at any time.\n");

    private static string Place(string folder, Digest digest)
    {
        string name = digest.ToString();
        return string.Concat(folder, Separator, name.AsSpan(0, 2), string.Concat(Separator, name));
    }

    private static readonly string Separator = Path.DirectorySeparatorChar.ToString();
}
