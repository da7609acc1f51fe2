using System.Buffers;
using System.Text;

namespace Leat.Jobs;

/// <summary>Finds the paths of some files in the arguments of programs.</summary>
/// <remarks>
/// A path stands alone or behind an option, several behind each other, or in the text of a script. It is one as a whole, with what lies below it, or with a
/// further ending, as of a file that a program makes beside it; in the middle of another path it is none.
/// </remarks>
internal sealed class ArgumentPaths
{
    private const string SchemeEnd = "://";
    private const int ShortOption = 2;

    // What may stand before a path, and behind it.
    private static readonly SearchValues<char> Separators = SearchValues.Create("=:;,|&<>()[]{}'\"`@+! \t\r\n");

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> paths;
    private readonly int longest;

    /// <summary>Knows the files.</summary>
    /// <param name="paths">Their whole paths.</param>
    public ArgumentPaths(IEnumerable<string> paths)
    {
        HashSet<string> all = paths.ToHashSet(StringComparer.Ordinal);
        longest = all.Count == 0 ? 0 : all.Max(path => path.Length);
        this.paths = all.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>An argument with other paths in it.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="map">What each becomes.</param>
    public string Map(string argument, Func<string, string> map)
    {
        StringBuilder? mapped = null;
        int copied = 0;
        for (int at = 0; (at = argument.IndexOf('/', at)) >= 0;)
        {
            int length = CanBegin(argument.AsSpan(0, at)) ? LengthOfPath(argument.AsSpan(at)) : 0;
            if (length == 0)
            {
                at++;
                continue;
            }

            mapped ??= new StringBuilder();
            mapped.Append(argument, copied, at - copied).Append(map(argument.Substring(at, length)));
            at = copied = at + length;
        }

        return mapped is null ? argument : mapped.Append(argument, copied, argument.Length - copied).ToString();
    }

    private static bool CanBegin(ReadOnlySpan<char> before)
    {
        ReadOnlySpan<char> word = before[(before.LastIndexOfAny(Separators) + 1)..];
        return word.Length == 0 || (word.Length == ShortOption && word[0] == '-') || before.EndsWith(SchemeEnd);
    }

    // The longest one with which a text begins; 0 for none.
    private int LengthOfPath(ReadOnlySpan<char> text)
    {
        for (int length = Math.Min(text.Length, longest); length > 0; length--)
        {
            bool isWhole = length == text.Length || text[length] is '/' or '.' || Separators.Contains(text[length]);
            if (isWhole && paths.Contains(text[..length])) return length;
        }

        return 0;
    }
}
