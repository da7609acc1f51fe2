using System.Globalization;

namespace Leat.Tests.Streams.Programs;

/// <summary>Looks for processes that a test's programs have started.</summary>
internal static class Processes
{
    /// <summary>True while a process runs; one that has ended and that nobody has waited for does not count.</summary>
    public static bool Runs(int id)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The processes in whose arguments a text stands.</summary>
    public static List<int> With(string argument)
    {
        List<int> found = [];
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId && Arguments(folder).Contains(argument, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }
        return found;
    }

    /// <summary>A number of seconds that only one test sleeps for, so that its processes are known by it.</summary>
    public static string UniqueSeconds() =>
        string.Create(CultureInfo.InvariantCulture, $"1000.{System.Security.Cryptography.RandomNumberGenerator.GetInt32(100_000_000, 999_999_999)}");

    public static Task AreGoneAsync(string argument) =>
        Eventually.TrueAsync(() => With(argument).Count == 0, () => $"{With(argument).Count} processes with {argument} still run", seconds: 30);

    private static string Arguments(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
