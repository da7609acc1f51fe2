using System.Runtime.Loader;
using Leat.Code;
using Leat.Encoding;
using Leat.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Leat.Tests.Code;

/// <summary>
/// A program whose <c>Entry.Get()</c> gives a delegate, or which has statements that put one into <c>Entry.Function</c>.
/// </summary>
/// <param name="Source">What is in its file, below the usings.</param>
internal sealed record CodeProgram(string Source)
{
    private const string Usings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq; using System.Threading.Tasks; using Leat;

        """;

    /// <summary>Where its file lies.</summary>
    public string Path { get; init; } = "/one/Program.cs";

    /// <summary>A second assembly, of the author's own if it uses Leat, and else a package; null if there is none.</summary>
    public string? Library { get; init; }

    public static implicit operator CodeProgram(string source) => new(source);

    /// <summary>Compiles the program, loads it and gives its delegate to <paramref name="use"/>.</summary>
    public T Use<T>(OptimizationLevel level, bool fromFiles, Func<Delegate, T> use)
    {
        byte[]? library = Library is null ? null : Image("Library", Library, level, []);
        byte[] program = Image("Corpus", Source, level, library is null ? [] : [MetadataReference.CreateFromImage(library)]);
        using var folder = new TemporaryDirectory();
        var context = new AssemblyLoadContext("corpus", isCollectible: true);
        System.Reflection.Assembly Load(string name, byte[] image)
        {
            if (!fromFiles) return context.LoadFromStream(new MemoryStream(image));
            string path = folder[name + ".dll"];
            File.WriteAllBytes(path, image);
            return context.LoadFromAssemblyPath(path);
        }
        try
        {
            if (library is not null) Load("Library", library);
            System.Reflection.Assembly loaded = Load("Corpus", program);
            Type entry = loaded.GetType("Entry", throwOnError: true)!;
            if (loaded.EntryPoint is { } main)
            {
                main.Invoke(null, [Array.Empty<string>()]);
                return use((Delegate)entry.GetField("Function")!.GetValue(null)!);
            }
            return use((Delegate)entry.GetMethod("Get")!.Invoke(null, null)!);
        }
        finally
        {
            context.Unload();
        }
    }

    public Digest Fingerprint(OptimizationLevel level, bool fromFiles = false) => Use(level, fromFiles, DelegateCode.FingerprintOf);

    public CodeExplanation Explanation(OptimizationLevel level = OptimizationLevel.Release) => Use(level, false, DelegateCode.Explain);

    private byte[] Image(string name, string source, OptimizationLevel level, MetadataReference[] references)
    {
        SyntaxTree tree = Compiled.Parse(Path, Usings + source);
        bool hasStatements = tree.GetRoot().ChildNodes().Any(node => node is Microsoft.CodeAnalysis.CSharp.Syntax.GlobalStatementSyntax);
        var compilation = Compiled.Compilation(name, hasStatements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, [tree]);
        compilation = compilation.AddReferences(references).WithOptions(compilation.Options.WithOptimizationLevel(level).WithAllowUnsafe(true));
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        return result.Success
            ? image.ToArray()
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error).Append((object)source)));
    }
}
