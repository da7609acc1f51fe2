using System.Globalization;

namespace Leat;

/// <summary>An external program ended with an exit code that says that it failed.</summary>
public sealed class ProgramFailedException : LeatException
{
    internal ProgramFailedException(string commandLine, int exitCode, string standardError)
        : base("LEAT0017", Describe(commandLine, exitCode, standardError))
    {
        ExitCode = exitCode;
        StandardError = standardError;
    }

    /// <summary>The program's exit code.</summary>
    public int ExitCode { get; }

    /// <summary>The end of what the program wrote to its standard error.</summary>
    public string StandardError { get; }

    private static string Describe(string commandLine, int exitCode, string standardError) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The program '{commandLine}' ended with exit code {exitCode}{(standardError.Length == 0 ? " and wrote nothing to its standard error." : $" and wrote:\n{standardError}")}");
}
