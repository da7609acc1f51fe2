using System.Diagnostics;
using System.Globalization;

namespace Leat.Jobs;

/// <summary>What a tool says when it is asked for its version.</summary>
internal static class ToolAnswer
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Its exit code, and what it writes to its standard output and error.</summary>
    /// <exception cref="LeatException">It can't be started, or does not end.</exception>
    public static async Task<string> OfAsync(EnvironmentJob job, string folder)
    {
        System.Collections.Immutable.ImmutableArray<string> arguments = job.Command!.Arguments;
        var start = new ProcessStartInfo(arguments[0], arguments[1..])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            await Task.WhenAll(output, error, process.WaitForExitAsync()).WaitAsync(Longest, TimeProvider.System).ConfigureAwait(false);
            string[] texts = await Task.WhenAll(output, error).ConfigureAwait(false);
            return string.Create(CultureInfo.InvariantCulture, $"{process.ExitCode}\n{texts[0]}\n{texts[1]}");
        }
        catch (TimeoutException)
        {
            process!.Kill(entireProcessTree: true);
            throw JobErrors.ToolIsSilent(job.Id, Longest);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw JobErrors.NoTool(job.Id, arguments[0], error);
        }
        finally
        {
            process?.Dispose();
        }
    }
}
