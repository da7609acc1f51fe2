using System.Collections.ObjectModel;

namespace Leat;

/// <summary>A program to run, and how.</summary>
public sealed record ProgramStart
{
    /// <summary>A program to run.</summary>
    /// <param name="fileName">The program: a path, or a name that is looked up on the PATH.</param>
    /// <param name="arguments">Its arguments, each passed on as it is; no shell looks at them.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ProgramStart(string fileName, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        FileName = fileName;
        Arguments = [.. arguments];
    }

    /// <summary>The program: a path, or a name that is looked up on the PATH.</summary>
    public string FileName { get; }

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>What the program reads from its standard input, in UTF-8; nothing by default.</summary>
    public string? StandardInput { get; init; }

    /// <summary>The folder in which the program runs; that of this process by default.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Environment variables to set for the program, or to take away where the value is null; the others are those of this
    /// process. None by default.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    /// <summary>The exit codes that mean success; 0 alone by default.</summary>
    public IReadOnlyCollection<int> SuccessCodes { get; init; } = [0];

    /// <summary>The program and its arguments as one would type them, roughly: those with blanks are quoted, and of many the last are left out.</summary>
    public override string ToString()
    {
        const int longest = 500;
        string line = string.Join(' ', Arguments.Prepend(FileName).Select(Quote));
        return line.Length <= longest ? line : $"{line[..longest]}…";
    }

    private static string Quote(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAny(" \t\n\"'") ? argument : $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
