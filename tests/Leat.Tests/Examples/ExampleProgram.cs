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
