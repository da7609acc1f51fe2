namespace Leat.Streams;

/// <summary>Writes a pattern with braces out: <c>a{b,c}</c> is <c>ab</c> and <c>ac</c>.</summary>
internal static class Braces
{
    /// <summary>All patterns that a pattern stands for.</summary>
    /// <exception cref="FormatException">A brace has no partner.</exception>
    public static IEnumerable<string> Expand(string pattern)
    {
        int open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return pattern.Contains('}', StringComparison.Ordinal) ? throw new FormatException("a '}' has no '{'.") : [pattern];
        }

        List<string> alternatives = [];
        int close = FindEnd(pattern, open, alternatives);
        string before = pattern[..open];
        if (before.Contains('}', StringComparison.Ordinal))
        {
            throw new FormatException("a '}' has no '{'.");
        }

        string after = pattern[(close + 1)..];
        return alternatives.SelectMany(Expand).SelectMany(_ => Expand(after), (alternative, rest) => before + alternative + rest);
    }

    // The place of the brace that closes the one at a place, and what stands between the commas in them.
    private static int FindEnd(string pattern, int open, List<string> alternatives)
    {
        int depth = 0;
        int start = open + 1;
        for (int i = open; i < pattern.Length; i++)
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
