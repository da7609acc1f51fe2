using System.Text.RegularExpressions;
using Leat.Streams;

namespace Leat.Tests.Streams.Sources;

public sealed class GlobSegmentTests
{
    private static readonly string[] Pieces = ["a", "b", ".", "*", "?", "[ab]", "[!a]", "[a-b]", "[b.]", "+"];

    [Fact]
    public void A_name_matches_as_it_does_a_regular_expression()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            string pattern = string.Concat(random.GetItems(Pieces, 1 + random.Next(6))).Replace("**", "*", StringComparison.Ordinal).Replace("**", "*", StringComparison.Ordinal);
            string name = new(random.GetItems(['a', 'b', '.', '+'], 1 + random.Next(6)));
            bool expected = Regex.IsMatch(name, ToRegex(pattern), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) && (!name.StartsWith('.') || pattern.StartsWith('.'));
            Assert.True(expected == GlobSegment.Parse(pattern).Matches(name, ignoreCase: false), $"{name} and {pattern}: expected {expected}");
        }
    }

    [Theory]
    [InlineData("[a-c]X?*", "bxyz", true)]
    [InlineData("ÄB", "äb", true)]
    [InlineData("[!a]", "A", false)]
    public void Upper_and_lower_case_can_be_the_same(string pattern, string name, bool expected) =>
        Assert.Equal(expected, GlobSegment.Parse(pattern).Matches(name, ignoreCase: true));

    // A naive matcher would try for ever.
    [Fact(Timeout = 60_000)]
    public Task Many_stars_are_no_trouble()
    {
        string stars = string.Concat(Enumerable.Repeat("*a", 100));
        Assert.False(GlobSegment.Parse(stars + "b").Matches(new string('a', 5_000), ignoreCase: false));
        Assert.True(GlobSegment.Parse(stars).Matches(new string('a', 5_000), ignoreCase: false));
        return Task.CompletedTask;
    }

    private static string ToRegex(string pattern) =>
        $"^{Regex.Replace(Regex.Replace(pattern, @"[.+*?]", match => match.Value switch { "*" => ".*", "?" => ".", _ => $"\\{match.Value}" }, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)), @"\[!", "[^", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))}$";
}
