using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Leat.Tests.Tree;

/// <summary>Compiles C# in memory, against the framework and the assemblies that users of Leat have.</summary>
internal static class Compiled
{
    /// <summary>The files beside the tests that a program made with Leat has beside itself.</summary>
    public static ImmutableArray<string> LeatFiles { get; } =
    [
        .. new[] { "Leat.dll", "Leat.Console.dll", "Leat.Postgres.dll", "Spectre.Console.dll", "System.CommandLine.dll" }
            .Select(file => Path.Combine(AppContext.BaseDirectory, file))
            .Where(File.Exists),
    ];

    /// <summary>The framework and <see cref="LeatFiles"/>; not xunit and the other assemblies of the tests.</summary>
    public static ImmutableArray<MetadataReference> References { get; } =
    [
        .. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Where(IsManaged)
            .Concat(LeatFiles)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static CSharpParseOptions Language { get; } = new(LanguageVersion.CSharp14);

    public static SyntaxTree Parse(string path, string code) =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, System.Text.Encoding.UTF8), Language, path);

    public static CSharpCompilation Compilation(string name, OutputKind kind, IEnumerable<SyntaxTree> trees) =>
        CSharpCompilation.Create(name, trees, References, new CSharpCompilationOptions(kind)
            .WithNullableContextOptions(NullableContextOptions.Enable)
            .WithMetadataImportOptions(MetadataImportOptions.All));

    /// <summary>Compiles a library.</summary>
    /// <exception cref="InvalidOperationException">The code has errors.</exception>
    public static ImmutableArray<byte> Library(params IEnumerable<(string Path, string Code)> files)
    {
        CSharpCompilation compilation = Compilation(
            "Library", OutputKind.DynamicallyLinkedLibrary, files.Select(file => Parse(file.Path, file.Code)));
        using var stream = new MemoryStream();
        EmitResult result = compilation.Emit(stream);
        return result.Success
            ? ImmutableCollectionsMarshal.AsImmutableArray(stream.ToArray())
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private static bool IsManaged(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return file.HasMetadata;
    }
}
