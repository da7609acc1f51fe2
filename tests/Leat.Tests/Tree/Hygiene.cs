using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Leat.Tests.Tree;

/// <summary>Rules for the text of the repository's files. Each tells what breaks it, a line each.</summary>
internal static partial class Hygiene
{
    private const int MostLines = 500;

    public static IEnumerable<string> TooLong(string name, string text)
    {
        int lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (lines > MostLines) yield return $"{name} has {lines} lines, and may have {MostLines}. Which of its ideas moves out?";
    }

    /// <summary>A pragma that switches a warning off has a comment at its end, or on the line above.</summary>
    public static IEnumerable<string> PragmasWithoutReason(string name, string text)
    {
        string[] lines = Lines(text);
        return from node in Compiled.Parse(name, text).GetRoot().DescendantNodes(descendIntoTrivia: true).OfType<PragmaWarningDirectiveTriviaSyntax>()
               where node.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword)
               let line = node.GetLocation().GetLineSpan().StartLinePosition.Line
               where !Comment().IsMatch(lines[line]) && !IsCommentLine(lines, line - 1)
               select WithoutReason(name, line);
    }

    /// <summary>A SuppressMessage attribute has a justification.</summary>
    public static IEnumerable<string> SuppressionsWithoutReason(string name, string text) =>
        from attribute in Compiled.Parse(name, text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString().EndsWith("SuppressMessage", StringComparison.Ordinal)
        where attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.Text == "Justification") != true
        select WithoutReason(name, attribute.GetLocation().GetLineSpan().StartLinePosition.Line);

    /// <summary>A NoWarn in a project, as an element or in a <c>#:property</c>, has a comment at its end, or on the line above.</summary>
    public static IEnumerable<string> NoWarnsWithoutReason(string name, string text)
    {
        string[] lines = Lines(text);
        for (int i = 0; i < lines.Length; i++)
        {
            if (NoWarn().IsMatch(lines[i]) && !XmlComment().IsMatch(lines[i]) && !IsCommentLine(lines, i - 1)) yield return WithoutReason(name, i);
        }
    }

    /// <summary>A rule switched off in .editorconfig is named in the comment above it, which says why.</summary>
    public static IEnumerable<string> RulesWithoutReason(string name, string text)
    {
        string comment = "";
        bool inComment = false;
        int number = 0;
        foreach (string line in Lines(text))
        {
            number++;
            if (line.StartsWith('#'))
            {
                comment = inComment ? comment + line : line;
                inComment = true;
                continue;
            }
            inComment = false;
            if (line.Trim().Length == 0) comment = "";
            if (RuleOff().Match(line) is { Success: true } match && !comment.Contains(match.Groups["id"].Value, StringComparison.Ordinal))
            {
                yield return $"{name}:{number}: {match.Groups["id"].Value} is off without a reason above it.";
            }
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static bool IsCommentLine(string[] lines, int index)
    {
        if (index < 0) return false;
        string line = lines[index].Trim();
        return (line.StartsWith("//", StringComparison.Ordinal) && Comment().IsMatch(line))
            || (line.EndsWith("-->", StringComparison.Ordinal) && !NoWarn().IsMatch(line));
    }

    private static string WithoutReason(string name, int line) =>
        $"{name}:{line + 1}: a warning is switched off without a reason beside it.";

    [GeneratedRegex(@"//.*\w", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("<!--.*-->", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex XmlComment();

    [GeneratedRegex(@"<(NoWarn|WarningsNotAsErrors)\b|\bNoWarn=", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoWarn();

    [GeneratedRegex(@"^\s*dotnet_diagnostic\.(?<id>\w+)\.severity\s*=\s*(none|silent|suggestion)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleOff();
}
