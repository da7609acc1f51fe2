using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Leat.Tests.Tree;

/// <summary>A sample of the documentation as a program: compiled, and run as a process of its own.</summary>
internal static class SampleProgram
{
    /// <summary>What <c>dotnet run</c> adds to a program.</summary>
    internal const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(60);

    /// <summary>What is wrong with the sample, or null: it does not compile, or does not print what its page says.</summary>
    public static async Task<string?> FaultOfAsync(DocsSample sample, CancellationToken cancellationToken)
    {
        CSharpCompilation compilation = Compile(sample);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(
            image, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb, pdbFilePath: "sample.pdb"), cancellationToken: cancellationToken);
        if (!result.Success)
        {
            IEnumerable<Diagnostic> errors = result.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error);
            return $"{sample.Name} does not compile:\n{string.Join('\n', errors.Select(Describe))}";
        }
        if (sample.Output is null) return null;
        return compilation.Options.OutputKind == OutputKind.ConsoleApplication
            ? await FaultOfRunAsync(sample, image, symbols, cancellationToken)
            : $"{sample.Name} says what it prints, but has no statements to run.";
    }

    private static string Describe(Diagnostic error)
    {
        FileLinePositionSpan place = error.Location.GetMappedLineSpan();
        return string.Create(CultureInfo.InvariantCulture,
            $"{place.Path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}");
    }

    private static CSharpCompilation Compile(DocsSample sample)
    {
        SyntaxTree tree = Compiled.Parse("Program.cs", sample.IsFragment ? Fragment(sample) : Placed(sample, WithoutDirectives(sample.Code)));
        SyntaxNode root = tree.GetRoot();
        bool runs = root.DescendantNodes().Any(node => node is GlobalStatementSyntax
            || node is MethodDeclarationSyntax { Identifier.Text: "Main" } main && main.Modifiers.Any(SyntaxKind.StaticKeyword));
        OutputKind kind = runs ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        return Compiled.Compilation("sample", kind, [tree, Compiled.Parse("ImplicitUsings.cs", ImplicitUsings)]);
    }

    /// <summary>Blank lines stand in for the directives that only <c>dotnet run</c> understands.</summary>
    internal static string WithoutDirectives(string code) => string.Join('\n', code.Split('\n').Select(line =>
        line.StartsWith("#:", StringComparison.Ordinal) || line.StartsWith("#!", StringComparison.Ordinal) ? "" : line));

    private static string Placed(DocsSample sample, string code) =>
        string.Create(CultureInfo.InvariantCulture, $"#line {sample.Line} \"{sample.Page}\"\n{code}\n");

    /// <summary>A program: usings, what is given, the fragment, and last the types, where a program must have them.</summary>
    private static string Fragment(DocsSample sample)
    {
        CompilationUnitSyntax given = Compiled.Parse("given", sample.Given).GetCompilationUnitRoot();
        CompilationUnitSyntax shown = Compiled.Parse(sample.Page, sample.Code).GetCompilationUnitRoot();
        string shownCode = sample.Code;
        foreach (UsingDirectiveSyntax each in shown.Usings.Reverse())
        {
            shownCode = shownCode.Remove(each.Span.Start, each.Span.Length).Insert(each.Span.Start, new string(' ', each.Span.Length));
        }
        IEnumerable<string> usings = given.Usings.Concat(shown.Usings).Select(each => each.ToString())
            .Prepend("using Leat;").Distinct(StringComparer.Ordinal);
        return new StringBuilder()
            .AppendJoin('\n', usings)
            .Append("\n#line 1 \"given\"\n")
            .AppendJoin('\n', given.Members.OfType<GlobalStatementSyntax>())
            .Append('\n').Append(Placed(sample, shownCode))
            .Append("#line 1 \"given\"\n")
            .AppendJoin('\n', given.Members.Where(member => member is not GlobalStatementSyntax))
            .Append('\n').ToString();
    }

    private static async Task<string?> FaultOfRunAsync(
        DocsSample sample, MemoryStream image, MemoryStream symbols, CancellationToken cancellationToken)
    {
        using var directory = new TemporaryDirectory();
        Place(directory, image, symbols);
        DotnetRun run = await Dotnet.RunAsync(directory.Path, LongestRun, ["exec", directory["sample.dll"]], cancellationToken);
        if (run.ExitCode != 0) return $"{sample.Name} ended with exit code {run.ExitCode}:\n{run.Errors}";
        string expected = Trimmed(sample.Output!);
        string actual = Trimmed(run.Output);
        return expected == actual
            ? null
            : $"{sample.Name} prints something else. Lines with - stand in the page, lines with + are printed:\n{LineDiff.Between(expected, actual)}";
    }

    /// <summary>Writes a compiled program into a directory, as <c>sample.dll</c>, with all that it takes to run it.</summary>
    internal static void Place(TemporaryDirectory directory, MemoryStream image, MemoryStream symbols)
    {
        foreach (string file in Compiled.LeatFiles) File.Copy(file, directory[Path.GetFileName(file)], overwrite: true);
        File.WriteAllBytes(directory["sample.dll"], image.ToArray());
        File.WriteAllBytes(directory["sample.pdb"], symbols.ToArray());
        directory.Write("sample.runtimeconfig.json", $$"""
            { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" } } }
            """);
    }

    private static string Trimmed(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');
}
