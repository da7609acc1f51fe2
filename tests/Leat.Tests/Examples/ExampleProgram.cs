using System.Diagnostics;

namespace Leat.Tests.Examples;

/// <summary>What a program did.</summary>
internal sealed record ExampleRun(int ExitCode, string Output, string Errors);

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
    public static async Task<ExampleRun> RunAsync(string example, string directory, params string[] arguments)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await Built.WaitAsync(cancellationToken);
        return await StartAsync(directory, LongestRun, ["exec", Path.Combine(Artifacts, "bin", "debug", example + ".dll"), .. arguments], cancellationToken);
    }

    // One after the other, as they share what they refer to; for all tests, so that none that is cancelled ends it.
    private static async Task BuildAllAsync()
    {
        foreach (string file in Repository.Files("examples", "*.cs"))
        {
            ExampleRun build = await StartAsync(
                Repository.Root, LongestBuild, ["build", file, "--artifacts-path", Artifacts, "--disable-build-servers", "-nologo", "-v:q"], CancellationToken.None);
            if (build.ExitCode != 0) Assert.Fail($"{Repository.Relative(file)} does not build:\n{build.Output}\n{build.Errors}");
        }
    }

    private static async Task<ExampleRun> StartAsync(string directory, TimeSpan longest, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(DotnetHost(), arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(longest);
        process.Start();
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync(timeout.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"dotnet {string.Join(' ', arguments)} had not ended after {longest.TotalSeconds} s.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
        return new ExampleRun(process.ExitCode, await output, await errors);
    }

    /// <summary>The <c>dotnet</c> above the framework that runs the tests: <c>dotnet/shared/NAME/VERSION</c>.</summary>
    private static string DotnetHost() => Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
