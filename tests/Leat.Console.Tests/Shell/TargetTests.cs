namespace Leat.Shell.Tests;

public sealed class TargetTests
{
    private static string[] Find(params string[] names) => [.. TargetFinder.Find(SampleJobs.Graph, names).Select(input => input is JobOutput output ? $"{output.Name} of {output.Job.Id}" : input.Job.Id.Text)];

    private static LeatException Refused(params string[] names) => Assert.Throws<LeatException>(() => Find(names));

    public TargetTests() => Assert.NotNull(SampleJobs.Packed);

    [Fact]
    public void Names_and_paths_are_found() =>
        Assert.Equal(["count", "tmp/trimmed.fq", "genes of count"], Find("count", "/work/tmp/trimmed.fq", "out/genes.tsv"));

    [Fact]
    public void A_target_that_is_named_twice_counts_once() => Assert.Equal(["count", "genes of count"], Find("count", "out/genes.tsv", "count", "/work/out/genes.tsv"));

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "abc", true)]
    [InlineData("a*", "abc", true)]
    [InlineData("a*", "bac", false)]
    [InlineData("*c", "abc", true)]
    [InlineData("*c", "acb", false)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "axbxc", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("a*bc*c", "abcbc", true)]
    [InlineData("**", "abc", true)]
    [InlineData("*b*", "abc", true)]
    [InlineData("[a]*", "a", false)]
    public void A_pattern_matches(string pattern, string name, bool matches) => Assert.Equal(matches, new Pattern(pattern).Matches(name));

    [Fact]
    public void A_star_stands_for_anything_in_paths_too() => Assert.Equal(["genes of count", "log of count"], Find("out/*n*s.*").Where(each => each.Contains(" of ", StringComparison.Ordinal)));

    [Fact]
    public void A_star_stands_for_anything() => Assert.Equal(["tmp/trimmed.fq", "data/reads.fq"], Find("tmp/*", "*.fq"));

    [Fact]
    public void Other_signs_stand_for_themselves() => Assert.Equal("LEAT0176", Refused("coun?*").Code);

    [Fact]
    public void A_pattern_that_matches_nothing_is_refused() => Assert.Equal("LEAT0176", Refused("*.bam").Code);

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest() => Approved.Text(string.Join('\n', new[] { "cuont", "out/count.gz", "counts.gz", "tmp/trimed.fq", "nothing like it", "out/gens.tsv" }
        .Select(name => Refused(name).Message).Append(Refused("*.bam").Message).Append(Assert.Throws<LeatException>(() => TargetFinder.Find(new JobGraph(), ["a"])).Message)));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "ABC", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "xabc", 1)]
    [InlineData("abcd", "abdc", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abc", "xyz", 3)]
    [InlineData("abc", "abcdefgh", 4)]
    public void Names_are_as_far_apart_as_letters_must_be_changed(string first, string second, int distance)
    {
        Assert.Equal(distance, NearestNames.Distance(first, second, limit: 3));
        Assert.Equal(distance, NearestNames.Distance(second, first, limit: 3));
    }

    [Fact]
    public void The_nearest_names_come_first() => Assert.Equal(["out/a1.csv", "out/a12.csv", "out/b1.csv"], NearestNames.Of("out/a1.csx", ["zzz", "out/b1.csv", "out/a12.csv", "out/a1.csv", "out/b12.csv"]));
}
