using Leat.Streams;

namespace Leat;

public static partial class Source
{
    /// <summary>
    /// The paths of the files that match a pattern, in ordinal order. They are relative when the pattern is, so that they
    /// can be opened as they are. The folders are looked through when the run starts.
    /// </summary>
    /// <param name="pattern">
    /// A path with wildcards. <c>*</c> stands for any text within a name, <c>?</c> for one character, <c>[a-z]</c> for one
    /// of a set and <c>[!a-z]</c> for one of none, so <c>[[]</c> for a bracket; <c>**</c> in the place of a name for any number of folders, none
    /// included, without those behind links; <c>{a,b}</c> for either of several texts. Names that start with a dot are
    /// found only where the pattern's name does too. Upper and lower case differ, but not on Windows and macOS. The run
    /// fails when the folder that stands ahead of the first wildcard is missing.
    /// </param>
    /// <exception cref="ArgumentException">The pattern is malformed.</exception>
    public static Pipe<string> Files(string pattern) => Files("", pattern);

    /// <summary>The paths of the files below a folder that match a pattern, in ordinal order.</summary>
    /// <param name="folder">The folder, taken as it stands: it has no wildcards.</param>
    /// <param name="pattern">The paths below it, as in <see cref="Files(string)"/>.</param>
    /// <exception cref="ArgumentException">The pattern is malformed, or does not start in the folder.</exception>
    public static Pipe<string> Files(string folder, string pattern)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return From(new FoundFiles(folder, pattern).InOrder(), nameof(Files));
    }
}

/// <summary>The files that match a pattern.</summary>
internal sealed class FoundFiles
{
    private readonly Glob[] globs;

    public FoundFiles(string folder, string pattern)
    {
        try
        {
            globs = [.. Braces.Expand(pattern).Select(each => Glob.Parse(folder, each))];
        }
        catch (FormatException error)
        {
            throw StreamErrors.BadPattern(pattern, error.Message);
        }
    }

    /// <summary>Looks for the files at every enumeration.</summary>
    public IEnumerable<string> InOrder()
    {
        foreach (string path in globs.SelectMany(glob => glob.Find()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            yield return path;
        }
    }
}
