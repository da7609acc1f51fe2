using Xunit;

namespace Leat.TestKit;

/// <summary>
/// What a test needs beyond .NET. Where it is missing the test is skipped and says why; where the environment
/// variable <c>LEAT_REQUIRE</c> names it (<c>LEAT_REQUIRE=data,grep</c>) the test fails instead.
/// </summary>
public static class Require
{
    /// <summary>The absolute path of a program that is found on <c>PATH</c>. Its name is what <c>LEAT_REQUIRE</c> names.</summary>
    public static string Tool(string name) =>
        FindTool(name, Environment.GetEnvironmentVariable("PATH")) ?? Miss(name, $"The program {name} is not on PATH.");

    /// <summary>
    /// The absolute path of a file of real data, which lies in <c>shared/data</c> beside the repository and
    /// is not part of it. <c>LEAT_REQUIRE</c> names all of them <c>data</c>.
    /// </summary>
    public static string SharedData(string file)
    {
        string path = Repository.PathOf(Path.Combine("..", "shared", "data", file));
        return File.Exists(path) ? path : Miss("data", $"There is no file {file} in ../shared/data beside the repository.");
    }

    internal static string? FindTool(string name, string? searchPath) =>
        (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists);

    internal static bool Demands(string? list, string name) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.Ordinal);

    /// <summary>Skips the test, or fails it where <c>LEAT_REQUIRE</c> names what is missing.</summary>
    /// <param name="name">By which it is named.</param>
    /// <param name="reason">Why it is missing.</param>
    public static string Miss(string name, string reason)
    {
        if (Demands(Environment.GetEnvironmentVariable("LEAT_REQUIRE"), name)) Assert.Fail($"{reason} LEAT_REQUIRE demands it.");
        Assert.Skip(reason);
        return name;
    }
}
