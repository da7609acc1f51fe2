using System.IO.Enumeration;

namespace Leat.Streams;

/// <summary>A file pattern without braces: a base folder, and names to match below it.</summary>
internal sealed class Glob
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    // As the file systems are by default.
    private static readonly bool IgnoreCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    private readonly string pattern;
    private readonly string root;
    private readonly GlobSegment[] segments;

    private Glob(string pattern, string root, GlobSegment[] segments)
    {
        this.pattern = pattern;
        this.root = root;
        this.segments = segments;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="folder">Where it starts; empty for the current folder, or for a pattern that says so itself.</param>
    /// <param name="pattern">The pattern.</param>
    /// <exception cref="FormatException">It is malformed; the message says how.</exception>
    public static Glob Parse(string folder, string pattern)
    {
        if (pattern.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException("a path can't hold the character 0.");
        }

        string start = Path.GetPathRoot(pattern) ?? "";
        if (start.Length > 0 && folder.Length > 0)
        {
            throw new FormatException("it does not start in the folder that was given with it.");
        }

        string[] names = pattern[start.Length..].Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || Separators.Contains(pattern[^1]))
        {
            throw new FormatException("it names a folder, and this finds files. Add '/*'.");
        }

        GlobSegment[] all = [.. names.Where((name, i) => i == 0 || name != "**" || names[i - 1] != "**").Select(GlobSegment.Parse)];
        if (all[^1].IsAnyFolders)
        {
            throw new FormatException("'**' stands for folders, and this finds files. Add '/*'.");
        }

        // Everything ahead of the first wildcard is the base, but the last name, which is a file's.
        int literal = all.Take(all.Length - 1).TakeWhile(segment => segment.IsLiteral).Count();
        return new Glob(pattern, Path.Combine([folder, start, .. names[..literal]]), all[literal..]);
    }

    /// <summary>The files that match; one may come twice when the pattern has more than one <c>**</c>.</summary>
    /// <exception cref="LeatException">The base folder is missing, or a folder can't be read.</exception>
    public IEnumerable<string> Find()
    {
        if (!Directory.Exists(root.Length > 0 ? root : "."))
        {
            throw StreamErrors.FolderMissing(root, pattern);
        }

        var open = new Stack<(string Folder, int Segment)>([(root, 0)]);
        while (open.TryPop(out (string Folder, int Segment) at))
        {
            foreach (Entry entry in List(at.Folder))
            {
                string path = Path.Combine(at.Folder, entry.Name);
                foreach (int next in After(at.Segment, entry))
                {
                    if (next == segments.Length)
                    {
                        yield return path;
                    }
                    else
                    {
                        open.Push((path, next));
                    }
                }
            }
        }
    }

    // Which segments are to be matched below a folder's entry; the number of segments if the entry is a file found.
    private IEnumerable<int> After(int segment, Entry entry)
    {
        if (segments[segment].IsAnyFolders)
        {
            foreach (int next in After(segment + 1, entry))
            {
                yield return next;
            }

            // Links are not followed here: they may lead in circles.
            if (entry is { IsFolder: true, IsLink: false } && !entry.Name.StartsWith('.'))
            {
                yield return segment;
            }
        }
        else if (entry.IsFolder == (segment + 1 < segments.Length) && segments[segment].Matches(entry.Name, IgnoreCase))
        {
            yield return segment + 1;
        }
    }

    private static List<Entry> List(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<Entry>(
                folder.Length > 0 ? folder : ".",
                (ref FileSystemEntry entry) => new Entry(
                    entry.FileName.ToString(),
                    entry.IsDirectory,
                    entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
                Everything)];
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted since its parent was listed.
            return [];
        }
        catch (Exception error) when (LineFile.IsAboutFile(error))
        {
            throw StreamErrors.FolderUnreadable(folder, error);
        }
    }

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink);
}
