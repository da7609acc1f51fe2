using Leat.Encoding;
using Leat.Storage;

namespace Leat.Jobs;

/// <summary>
/// The digest of a file in another one beside it, as <c>sha256sum</c> and <c>md5sum</c> write them. It is trusted when it is not older than
/// the file.
/// </summary>
internal static class Sidecar
{
    private const int Longest = 64 * 1024;

    /// <summary>The digest that a sidecar gives for a file; null if there is none that can be trusted and read.</summary>
    public static Digest? TryRead(string path, FileStamp stamp)
    {
        // What SHA-256 gives is the content's digest itself; MD5 stands for the content in a digest of its own.
        if (Find($"{path}.sha256", path, stamp, 64) is { } sha) return Digest.TryParse(sha, null, out Digest digest) ? digest : null;
        string? md5 = Find($"{path}.md5sum", path, stamp, 32) ?? Find($"{path}.md5", path, stamp, 32);
        return md5 is null ? null : Digest.OfText($"md5 {md5}");
    }

    private static string? Find(string sidecar, string path, FileStamp stamp, int digits)
    {
        if (FileStamp.Of(sidecar) is not { } own || own.Written < stamp.Written || own.Size is 0 or > Longest) return null;
        try
        {
            // Lines of a digest and a name, which a star may precede; or the digest alone.
            foreach (string line in File.ReadLines(sidecar))
            {
                string[] words = line.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (words.Length == 0 || words[0].Length != digits || !words[0].All(char.IsAsciiHexDigit)) continue;
                if (words.Length == 1 || Path.GetFileName(words[1].TrimStart('*')) == Path.GetFileName(path)) return words[0].ToLowerInvariant();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // As if there were none.
        }

        return null;
    }
}
