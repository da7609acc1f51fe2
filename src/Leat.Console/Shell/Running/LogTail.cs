
namespace Leat.Shell;

/// <summary>The last lines of a log.</summary>
internal static class LogTail
{
    private const int MostBytes = 16 * 1024;

    /// <summary>The last lines, without blank ones at the end and without what would move the cursor; none where the file can't be read.</summary>
    public static IReadOnlyList<string> Of(string? path, int lines)
    {
        if (path is null) return [];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bool isWhole = file.Length <= MostBytes;
            if (!isWhole) file.Seek(-MostBytes, SeekOrigin.End);
            using var reader = new StreamReader(file, System.Text.Encoding.UTF8);
            string[] all = reader.ReadToEnd().TrimEnd().ReplaceLineEndings("\n").Split('\n');
            // The first one is torn where the file was not read from its start.
            IEnumerable<string> whole = isWhole || all.Length == 1 ? all : all.Skip(1);
            return all is [""] ? [] : [.. whole.TakeLast(lines).Select(Printable)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Printable(string line)
    {
        // A line that draws a progress bar ends as it last stood.
        line = line[(line.LastIndexOf('\r') + 1)..];
        return line.Any(char.IsControl) ? new string([.. line.Select(letter => letter == '\t' ? ' ' : letter).Where(letter => !char.IsControl(letter))]) : line;
    }
}
