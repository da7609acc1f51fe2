namespace Leat.Shell;

/// <summary>Which names somebody may have meant, by the number of letters that have to be changed.</summary>
internal static class NearestNames
{
    private const int Most = 3;

    /// <summary>The nearest names, the nearest first; none where all are too far away to have been meant.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names)
    {
        // A third of the letters may be wrong: more, and anything would be near.
        int limit = Math.Max(2, name.Length / 3);
        string file = FileOf(name);
        return
        [
            .. names.Distinct(StringComparer.Ordinal).Select(each => (Name: each, Distance: DistanceOf(name, file, each, limit)))
                .Where(each => each.Distance <= limit)
                .OrderBy(each => each.Distance).ThenBy(each => each.Name, StringComparer.Ordinal)
                .Take(Most).Select(each => each.Name),
        ];
    }

    /// <summary>How many letters have to be added, left out, changed or swapped with the next; more than the limit where it is more than that.</summary>
    public static int Distance(ReadOnlySpan<char> first, ReadOnlySpan<char> second, int limit)
    {
        if (Math.Abs(first.Length - second.Length) > limit) return limit + 1;
        int[] before = new int[second.Length + 1];
        int[] last = new int[second.Length + 1];
        int[] row = new int[second.Length + 1];
        for (int j = 0; j <= second.Length; j++) last[j] = j;
        for (int i = 1; i <= first.Length; i++)
        {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= second.Length; j++)
            {
                bool isSame = char.ToUpperInvariant(first[i - 1]) == char.ToUpperInvariant(second[j - 1]);
                int cost = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1]) cost = Math.Min(cost, before[j - 2] + 1);
                row[j] = cost;
                least = Math.Min(least, cost);
            }

            if (least > limit) return limit + 1;
            (before, last, row) = (last, row, before);
        }

        return last[second.Length];
    }

    // Also the file alone counts, for those who leave out its folder; but a whole name is nearer.
    private static int DistanceOf(string name, string file, string other, int limit) =>
        Math.Min(Distance(name, other, limit), file == name ? Distance(name, FileOf(other), limit) + 1 : limit + 1);

    private static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];
}
