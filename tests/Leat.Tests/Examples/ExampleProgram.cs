using Leat.Tests.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Leat.Tests.Examples;

/// <summary>The programs in <c>examples</c>, built once as <c>dotnet run</c> builds them and run as processes of their own.</summary>
internal static class ExampleProgram
{
    private static readonly TimeSpan LongestBuild = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(1);

    // Kept from one run of the tests to the next, so that only what has changed is built again.
    private static readonly string Artifacts = Repository.PathOf("artifacts/examples");
    private static readonly Task Built = BuildAllAsync();

    /// <summary>Runs an example to its end.</summary>
    /// <param name="example">The name of its file, without the ending.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<DotnetRun> RunAsync(string example, string directory, params string[] arguments)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await Built.WaitAsync(cancellationToken);
        return await Dotnet.RunAsync(directory, LongestRun, ["exec", Path.Combine(Artifacts, "bin", "debug", example + ".dll"), .. arguments], cancellationToken);
    }

    /// <summary>Runs an example whose text was changed, as its author would do it, to its end.</summary>
    /// <param name="example">The name of its file, without the ending.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="change">Changes its text.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<DotnetRun> RunChangedAsync(string example, string directory, Func<string, string> change, params string[] arguments)
    {
        using var folder = new TemporaryDirectory();
        string code = change(await File.ReadAllTextAsync(Repository.PathOf($"examples/{example}.cs")));
        CSharpCompilation compilation = Compiled.Compilation(
            "sample",
            OutputKind.ConsoleApplication,
            [Compiled.Parse($"{example}.cs", SampleProgram.WithoutDirectives(code)), Compiled.Parse("ImplicitUsings.cs", SampleProgram.ImplicitUsings)]);
        using var image = new MemoryStream();
        using var symbols = new MemoryStream();
        Assert.Empty(compilation.Emit(image, symbols).Diagnostics.Where(each => each.Severity == DiagnosticSeverity.Error));
        SampleProgram.Place(folder, image, symbols);
        return await Dotnet.RunAsync(directory, LongestRun, ["exec", folder["sample.dll"], .. arguments], TestContext.Current.CancellationToken);
    }

    // One after the other, as they share what they refer to; for all tests, so that none that is cancelled ends it.
    private static async Task BuildAllAsync()
    {
        foreach (string file in Repository.Files("examples", "*.cs"))
        {
            DotnetRun build = await Dotnet.RunAsync(
                Repository.Root, LongestBuild, ["build", file, "--artifacts-path", Artifacts, "--disable-build-servers", "-nologo", "-v:q"], CancellationToken.None);
            if (build.ExitCode != 0) Assert.Fail($"{Repository.Relative(file)} does not build:\n{build.Output}\n{build.Errors}");
        }
    }
}
