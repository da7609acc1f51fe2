using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Leat.Tests.Tree;

/// <summary>An error's code stands once in the sources, as a string of its own, and has an entry in <c>docs/errors.md</c>.</summary>
public sealed partial class ErrorCodesTests
{
    private const string Page = "docs/errors.md";

    private static IEnumerable<string> CodesInSources => Repository.Files("src", "*.cs").SelectMany(file => Codes(File.ReadAllText(file)));

    private static IEnumerable<string> CodesInPage => Headings(File.ReadAllText(Repository.PathOf(Page)));

    [Fact]
    public void Every_code_has_an_entry() => Faults.None(CodesInSources.Except(CodesInPage, StringComparer.Ordinal));

    [Fact]
    public void Every_entry_has_a_code() => Faults.None(CodesInPage.Except(CodesInSources, StringComparer.Ordinal));

    [Fact]
    public void No_two_errors_share_a_code() => Faults.None(Repeated(CodesInSources));

    [Fact]
    public void No_code_has_two_entries() => Faults.None(Repeated(CodesInPage));

    [Fact]
    public void A_code_is_a_whole_string_and_not_a_mention() => Assert.Equal(["LEAT0001", "LEAT0002"], Codes("""
        // LEAT0009
        /// <summary>LEAT0008</summary>
        class Errors { string a = "LEAT0001", b = "LEAT0002", c = "see LEAT0007", d = "LEAT7"; }
        """));

    [Fact]
    public void An_entry_is_a_heading_of_the_second_level() => Assert.Equal(["LEAT0001", "LEAT0002"], Headings("""
        # LEAT0009
        ## LEAT0001 The run failed
        ## LEAT0002
        ### LEAT0008
        ## See LEAT0007
        LEAT0006
        """));

    [Fact]
    public void A_code_used_twice_is_found() => Assert.Equal(["a"], Repeated(["a", "b", "a"]));

    private static IEnumerable<string> Codes(string source) => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.StringLiteralToken) && Code().IsMatch(token.ValueText))
        .Select(token => token.ValueText);

    private static IEnumerable<string> Headings(string page) => Heading().Matches(page).Select(match => match.Groups["code"].Value);

    private static IEnumerable<string> Repeated(IEnumerable<string> codes) =>
        codes.GroupBy(code => code, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.Key);

    [GeneratedRegex("^LEAT[0-9]{4}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^## (?<code>LEAT[0-9]{4})\\b", RegexOptions.CultureInvariant | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();
}
