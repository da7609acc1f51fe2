namespace Leat.Streams;

/// <summary>Writes a pattern with braces out: <c>a{b,c}</c> is <c>ab</c> and <c>ac</c>.</summary>
internal static class Braces
{
    /// <summary>All patterns that a pattern stands for.</summary>
    /// <exception cref="FormatException">A brace has no partner.</exception>
    public static IEnumerable<string> Expand(string pattern)
    {
        int open = FindBrace(pattern);
        if (open < 0)
        {
            return [pattern];
        }

        List<string> alternatives = [];
        int close = FindEnd(pattern, open, alternatives);
        string before = pattern[..open];
        string after = pattern[(close + 1)..];
        return alternatives.SelectMany(Expand).SelectMany(_ => Expand(after), (alternative, rest) => before + alternative + rest);
    }

    private static int FindBrace(string pattern)
    {
        for (int i = 0; i < pattern.Length; i = AfterCharacter(pattern, i))
        {
            if (pattern[i] is '{' or '}')
            {
                return pattern[i] == '{' ? i : throw new FormatException("a '}' has no '{'.");
            }
        }

        return -1;
    }

    // A set such as [{}] is passed over as one.
    private static int AfterCharacter(string pattern, int i) =>
        pattern[i] == '[' && GlobSegment.EndOfSet(pattern, i) is { } end ? end + 1 : i + 1;

    // The place of the brace that closes the one at a place, and what stands between the commas in them.
    private static int FindEnd(string pattern, int open, List<string> alternatives)
    {
        int depth = 0;
        int start = open + 1;
        for (int i = open; i < pattern.Length; i = AfterCharacter(pattern, i))
        {
            depth += pattern[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0 || (depth == 1 && pattern[i] == ','))
            {
                alternatives.Add(pattern[start..i]);
                start = i + 1;
            }

            if (depth == 0)
            {
                return i;
            }
        }

        throw new FormatException("a '{' has no '}'.");
    }
}
