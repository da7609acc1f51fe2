using Leat.Streams;

namespace Leat;

public static partial class Source
{
    /// <summary>The lines of a text file, without their ends (<c>\n</c> or <c>\r\n</c>).</summary>
    /// <param name="path">
    /// The file. Gzip data, of one or more members, are decompressed; they are known by their first bytes, not by the
    /// file's name. A file that is missing or can't be read fails the run, and one that is damaged or cut short does so
    /// behind its last good line.
    /// </param>
    /// <param name="follow">
    /// True to go on waiting for more lines at the end, as <c>tail -F</c> does, until the flow is stopped. Only whole
    /// lines are given. The file may be missing at first. When it is truncated or written anew, it is read from its start
    /// again; when it is renamed or deleted and another takes its place, the old one is read to its end and then the new
    /// one from its start. The file is looked at every 100 ms, and is not decompressed.
    /// </param>
    /// <param name="encoding">
    /// What the text is encoded in; UTF-8 by default. A byte order mark is skipped. With <paramref name="follow"/>, one
    /// in which a line feed is the byte 10, as in all but UTF-16 and UTF-32.
    /// </param>
    /// <exception cref="ArgumentException">The path is empty, or text in the encoding can't be followed.</exception>
    public static Pipe<string> Lines(string path, bool follow = false, System.Text.Encoding? encoding = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = $"{nameof(Lines)}({Path.GetFileName(path)})";
        return follow
            ? From(new FollowedLines(path, encoding ?? System.Text.Encoding.UTF8, TimeProvider.System), name)
            : From(FileLines.Read([path], encoding), name);
    }

    /// <summary>The lines of several text files, one file after the other.</summary>
    /// <param name="paths">The files, each read as by <see cref="Lines(string,bool,System.Text.Encoding?)"/>.</param>
    /// <param name="encoding">What the texts are encoded in; UTF-8 by default.</param>
    public static Pipe<string> Lines(IEnumerable<string> paths, System.Text.Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return From(FileLines.Read(paths, encoding), nameof(Lines));
    }
}

/// <summary>Reads whole text files.</summary>
internal static class FileLines
{
    public static IEnumerable<string> Read(IEnumerable<string> paths, System.Text.Encoding? encoding)
    {
        foreach (string path in paths)
        {
            using LineFile file = LineFile.Open(path, encoding);
            while (file.TryRead(out ReadOnlySpan<byte> line))
            {
                yield return file.TextOf(line);
            }
        }
    }
}
