namespace Leat.Tests.Examples;

/// <summary>
/// Places reads as texts, to compare with: their parts are looked up in a suffix array of either strand, and what is
/// found is compared letter by letter.
/// </summary>
internal sealed class PlainPlacement
{
    private readonly SortedText[] strands;
    private readonly int[] depth;

    public PlainPlacement(string genome)
    {
        strands = [new(genome), new(new([.. genome.Reverse().Select(letter => "ACGT"["TGCA".IndexOf(letter, StringComparison.Ordinal)])]))];
        depth = new int[genome.Length];
    }

    /// <summary>How many bases in a row a read must have in common with its place; 0 asks for none.</summary>
    public int SharedInARow { get; init; }

    public int MinQuality { get; init; }

    public int MinLength { get; init; }

    public long Trimmed { get; private set; }

    public int TooShort { get; private set; }

    public int Placed { get; private set; }

    public int Ambiguous { get; private set; }

    public int Unplaced { get; private set; }

    public IReadOnlyList<int> Depth => depth;

    public void Add(IReadOnlyCollection<(string Bases, string Qualities)> reads)
    {
        string[] trimmed = [.. reads.Select(read => read.Bases[..TrimmedLength(read.Qualities)])];
        string[] kept = [.. trimmed.Where(bases => bases.Length >= MinLength)];
        Trimmed += reads.Sum(read => read.Bases.Length) - trimmed.Sum(bases => bases.Length);
        TooShort += reads.Count - kept.Length;
        foreach ((string bases, List<int> places) in kept.AsParallel().Select(bases => (bases, BestPlaces(bases))))
        {
            switch (places)
            {
                case []:
                    Unplaced++;
                    break;
                case [int start]:
                    Placed++;
                    for (int i = start; i < start + bases.Length; i++) depth[i]++;
                    break;
                default:
                    Ambiguous++;
                    break;
            }
        }
    }

    // The sum of what is missing to the threshold, from each base to the end: the longest with the highest of those
    // that come, seen from the end, before the first negative one.
    private int TrimmedLength(string qualities)
    {
        int[] sums = new int[qualities.Length + 1];
        for (int i = qualities.Length - 1; i >= 0; i--) sums[i] = sums[i + 1] + MinQuality - (qualities[i] - 33);
        int first = Array.FindLastIndex(sums, sum => sum < 0) + 1;
        return Array.LastIndexOf(sums, sums[first..].Max());
    }

    /// <summary>Where the read begins in its best places, counted on the forward strand whichever it reads.</summary>
    private List<int> BestPlaces(string read)
    {
        int fewest = read.Length / 10;
        List<int> best = [];
        for (int strand = 0; strand < strands.Length; strand++)
        {
            foreach (int start in Candidates(read, strands[strand], most: fewest))
            {
                (int differing, int longestShared) = Compare(read, strands[strand].Text.AsSpan(start, read.Length));
                if (differing > fewest || longestShared < SharedInARow) continue;
                if (differing < fewest) best.Clear();
                fewest = differing;
                best.Add(strand == 0 ? start : depth.Length - start - read.Length);
            }
        }
        return best;
    }

    /// <summary>
    /// Every place that may do: the read is cut into blocks so short that at least one of them must be found unchanged.
    /// In 2n - 1 bases in a row there is a whole block of n, and m differing bases leave one of m + 1 blocks alone.
    /// </summary>
    private SortedSet<int> Candidates(string read, SortedText strand, int most)
    {
        int length = SharedInARow > 0 ? (SharedInARow + 1) / 2 : read.Length / (most + 1);
        SortedSet<int> starts = [];
        for (int block = 0; block + length <= read.Length; block += length)
        {
            starts.UnionWith(strand.Find(read.AsSpan(block, length))
                .Select(at => at - block)
                .Where(start => start >= 0 && start + read.Length <= strand.Text.Length));
        }
        return starts;
    }

    private static (int Differing, int LongestShared) Compare(string read, ReadOnlySpan<char> there)
    {
        (int differing, int row, int longest) = (0, 0, 0);
        for (int i = 0; i < read.Length; i++)
        {
            bool isSame = read[i] == there[i];
            row = isSame ? row + 1 : 0;
            longest = Math.Max(longest, row);
            differing += isSame ? 0 : 1;
        }
        return (differing, longest);
    }

    private sealed class SortedText
    {
        private readonly int[] suffixes;

        public SortedText(string text)
        {
            Text = text;
            suffixes = [.. Enumerable.Range(0, text.Length)];
            Array.Sort(suffixes, (one, other) => text.AsSpan(one).SequenceCompareTo(text.AsSpan(other)));
        }

        public string Text { get; }

        public List<int> Find(ReadOnlySpan<char> part)
        {
            (int low, int high) = (0, suffixes.Length);
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Text.AsSpan(suffixes[middle]).SequenceCompareTo(part) < 0) low = middle + 1;
                else high = middle;
            }

            List<int> found = [];
            for (; low < suffixes.Length && Text.AsSpan(suffixes[low]).StartsWith(part, StringComparison.Ordinal); low++) found.Add(suffixes[low]);
            return found;
        }
    }
}
