using System.Text.RegularExpressions;

namespace Leat.Tests.Tree;

/// <summary>
/// Finds the samples of a Markdown page.
/// <list type="bullet">
/// <item>A block marked <c>csharp</c> is a whole program, as <c>dotnet run FILE.cs</c> takes it.</item>
/// <item><c>&lt;!-- fragment --&gt;</c> before the block makes it a fragment, and
/// <c>&lt;!-- given: string[] urls = []; --&gt;</c> gives it declarations that readers need not see.</item>
/// <item>A block marked <c>text</c> right after it, or after one line that says that it prints, is its standard output.</item>
/// </list>
/// </summary>
internal sealed partial class DocsPage
{
    private readonly string name;
    private readonly string[] lines;
    private readonly List<DocsSample> samples = [];
    private readonly List<string> problems = [];
    private readonly List<string> marks = [];
    private int at;

    private DocsPage(string name, string text)
    {
        this.name = name;
        lines = text.ReplaceLineEndings("\n").Split('\n');
    }

    /// <summary>The page's samples, and what in it would keep a sample from being checked.</summary>
    public static (IReadOnlyList<DocsSample> Samples, IReadOnlyList<string> Problems) Read(string name, string text)
    {
        var page = new DocsPage(name, text);
        page.Read();
        return (page.samples, page.problems);
    }

    private void Read()
    {
        while (at < lines.Length)
        {
            string line = lines[at].Trim();
            if (line.StartsWith("<!--", StringComparison.Ordinal))
            {
                ReadMark();
            }
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                ReadBlock(line);
            }
            else
            {
                if (line.Length > 0) LeaveMarks();
                at++;
            }
        }
        LeaveMarks();
    }

    private void ReadMark()
    {
        int start = at;
        while (at < lines.Length - 1 && !lines[at].Contains("-->", StringComparison.Ordinal)) at++;
        string comment = string.Join('\n', lines[start..++at]).Trim();
        string mark = comment.Replace("<!--", "", StringComparison.Ordinal).Replace("-->", "", StringComparison.Ordinal).Trim();
        if (mark == "fragment" || mark.StartsWith("given:", StringComparison.Ordinal)) marks.Add(mark);
        else if (mark.StartsWith("skip", StringComparison.OrdinalIgnoreCase)) problems.Add($"{name}:{start + 1}: no sample may be skipped.");
    }

    private void ReadBlock(string fence)
    {
        string language = fence.TrimStart('`').Trim();
        int line = at + 2;
        string code = ReadFenced();
        if (language == "csharp")
        {
            samples.Add(new DocsSample
            {
                Page = name,
                Line = line,
                Code = code,
                IsFragment = marks.Remove("fragment"),
                Given = string.Join('\n', marks.Select(mark => mark["given:".Length..].Trim())),
                Output = ReadOutput(),
            });
            if (samples[^1] is { IsFragment: false, Given.Length: > 0 }) problems.Add($"{name}:{line}: only a fragment can be given declarations.");
            marks.Clear();
            return;
        }
        LeaveMarks();
        if (language.Length == 0) problems.Add($"{name}:{line}: a block says what it holds: csharp, text, sh…");
        if (CSharpAlias().IsMatch(language)) problems.Add($"{name}:{line}: C# is marked csharp, so that it is compiled, not {language}.");
    }

    /// <summary>Leaves the position after the block's end, and takes the fence's indentation off its lines.</summary>
    private string ReadFenced()
    {
        int indent = lines[at].Length - lines[at].TrimStart().Length;
        string fence = lines[at].Trim();
        fence = fence[..(fence.Length - fence.TrimStart('`').Length)];
        int start = ++at;
        while (at < lines.Length && lines[at].Trim() != fence) at++;
        if (at == lines.Length) problems.Add($"{name}:{start}: the block has no end.");
        IEnumerable<string> code = lines[start..at].Select(line => line[Math.Min(indent, line.Length - line.TrimStart().Length)..]);
        at++;
        return string.Join('\n', code);
    }

    private string? ReadOutput()
    {
        int next = AfterBlanks(at);
        if (next < lines.Length && Prints().IsMatch(lines[next])) next = AfterBlanks(next + 1);
        if (next >= lines.Length || lines[next].Trim() != "```text") return null;
        at = next;
        return ReadFenced();
    }

    private int AfterBlanks(int index)
    {
        while (index < lines.Length && string.IsNullOrWhiteSpace(lines[index])) index++;
        return index;
    }

    private void LeaveMarks()
    {
        if (marks.Count > 0) problems.Add($"{name}:{at + 1}: '{marks[0]}' stands before no C# block.");
        marks.Clear();
    }

    [GeneratedRegex("^(cs|csx|c#|c-sharp)$|^csharp.+|^CSharp$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CSharpAlias();

    [GeneratedRegex(@"^(?!\s*(`|#|<)).*\bprint", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Prints();
}
