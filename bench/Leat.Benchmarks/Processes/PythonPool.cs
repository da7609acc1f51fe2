using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Processes;

/// <summary>The same work by Python's <c>multiprocessing.Pool</c>: <c>imap.py</c>, run as a program of its own.</summary>
internal static class PythonPool
{
    private const string Python = "python3";

    public static bool IsInstalled
    {
        get
        {
            try
            {
                using Process version = Process.Start(new ProcessStartInfo(Python, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
                version.WaitForExit();
                return version.ExitCode == 0;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>The figure that the script prints.</summary>
    public static async Task<double> RunAsync(params string[] arguments)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Processes", "imap.py");
        using Process process = Process.Start(new ProcessStartInfo(Python, [script, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string figure = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"Python ended with exit code {process.ExitCode}");
        return double.Parse(figure, CultureInfo.InvariantCulture);
    }
}
