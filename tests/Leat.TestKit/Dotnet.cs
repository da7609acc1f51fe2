using System.Diagnostics;

namespace Leat.TestKit;

/// <summary>What a program did.</summary>
public sealed record DotnetRun(int ExitCode, string Output, string Errors);

/// <summary>Runs <c>dotnet</c> as a process of its own.</summary>
public static class Dotnet
{
    /// <summary>Runs it to its end, with nothing to read, in the invariant culture.</summary>
    /// <param name="directory">Where it runs.</param>
    /// <param name="longest">How long it may take.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="TimeoutException">It had not ended in time; it was killed.</exception>
    public static async Task<DotnetRun> RunAsync(string directory, TimeSpan longest, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Host(), arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What it prints does not depend on where it is tested.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";

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
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"dotnet {string.Join(' ', start.ArgumentList)} had not ended after {longest.TotalSeconds} s.", error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
        return new DotnetRun(process.ExitCode, await output, await errors);
    }

    // The program above the framework that runs the tests: dotnet/shared/NAME/VERSION.
    internal static string Host() => Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
