using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks;

/// <summary>The same work by a script in Python, run as a program of its own.</summary>
internal static class Python
{
    private static readonly string[] Programs = ["python3", "/usr/bin/python3"];

    /// <summary>The Python that has a module; null where none has.</summary>
    public static string? With(string module) => Array.Find(Programs, program => Has(program, module));

    /// <summary>The figure that a script prints.</summary>
    /// <param name="program">The Python.</param>
    /// <param name="script">The script's path below the benchmarks' folder.</param>
    /// <param name="arguments">The script's arguments.</param>
    public static async Task<double> RunAsync(string program, string script, params string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, script);
        using Process process = Process.Start(new ProcessStartInfo(program, [path, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string figure = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Check.That(process.ExitCode == 0, $"Python ended with exit code {process.ExitCode}");
        return double.Parse(figure, CultureInfo.InvariantCulture);
    }

    private static bool Has(string program, string module)
    {
        try
        {
            var start = new ProcessStartInfo(program, ["-c", $"import {module}"]) { UseShellExecute = false, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
