using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Leat.Tests.Tree;

/// <summary>An error's code stands once in the sources, as a string of its own, and has an entry in <c>docs/errors.md</c>.</summary>
public sealed partial class ErrorCodesTests
{
    private const string Page = "docs/errors.md";

    // Made into an error with a code further up, or no error: refused members of a stream, ends of a run.
    private static readonly string[] Inner =
    [
        nameof(FormatException), nameof(InvalidDataException), nameof(IOException), nameof(NotSupportedException),
        nameof(OperationCanceledException), nameof(PipelineException), nameof(RunFailedException), "UpstreamFailedException", "LeaseLostException", "CulpritException",
    ];

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
    public void What_is_thrown_without_a_code_is_not_what_a_user_sees() => Faults.None(Repository.Files("src", "*.cs")
        .Where(file => !Path.GetFileName(file).EndsWith("Errors.cs", StringComparison.Ordinal))
        .SelectMany(file => Thrown(File.ReadAllText(file)).Except(Inner, StringComparer.Ordinal).Select(type => $"{Repository.Relative(file)}: {type}")));

    [Fact]
    public void What_is_thrown_is_found() => Assert.Equal(["A", "B"], Thrown("class C { int X => throw new A(); void M() { throw new B(1); throw Errors.Other(); } }"));

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

    private static IEnumerable<string> Thrown(string source) => CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes()
        .Select(node => node is ThrowStatementSyntax statement ? statement.Expression : (node as ThrowExpressionSyntax)?.Expression)
        .OfType<ObjectCreationExpressionSyntax>().Select(creation => creation.Type.ToString());

    private static IEnumerable<string> Headings(string page) => Heading().Matches(page).Select(match => match.Groups["code"].Value);

    private static IEnumerable<string> Repeated(IEnumerable<string> codes) =>
        codes.GroupBy(code => code, StringComparer.Ordinal).Where(group => group.Skip(1).Any()).Select(group => group.Key);

    [GeneratedRegex("^LEAT[0-9]{4}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex("^## (?<code>LEAT[0-9]{4})\\b", RegexOptions.CultureInvariant | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();
}
