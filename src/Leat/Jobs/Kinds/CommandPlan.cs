using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using Leat.Encoding;

namespace Leat.Jobs;

/// <summary>What a command job runs.</summary>
/// <param name="Line">Makes the command line for the paths of the outputs.</param>
/// <param name="Options">How it is run.</param>
/// <param name="IsFromStandardOutput">True when what the program writes to its standard output becomes the first output.</param>
internal sealed record CommandPlan(Func<OutputPaths, CommandLine> Line, CommandOptions Options, bool IsFromStandardOutput)
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./:,@%");

    /// <summary>The program and its arguments, for the paths of an attempt.</summary>
    public ImmutableArray<string> ArgumentsFor(OutputPaths paths) => Line(paths).Arguments;

    /// <summary>By which digest it counts: the same wherever the graph's folder lies.</summary>
    public Digest Digest(OutputPaths paths, string folder)
    {
        string inside = folder + Path.DirectorySeparatorChar;
        return Leat.Encoding.Digest.OfText(string.Join('\0', WordsOf(ArgumentsFor(paths).Select(each => each.Replace(inside, "", StringComparison.Ordinal)))));
    }

    /// <summary>True for what runs the same program in the same way.</summary>
    public bool IsSame(CommandPlan other, OutputPaths paths) => WordsOf(ArgumentsFor(paths)).SequenceEqual(other.WordsOf(other.ArgumentsFor(paths)));

    // All that counts of it. A variable that is taken away has no value, not even an empty one.
    private IEnumerable<string> WordsOf(IEnumerable<string> arguments) =>
    [
        .. arguments,
        "",
        .. Options.Environment.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Value is null ? each.Key : $"{each.Key}={each.Value}"),
        "",
        Options.WorkingDirectory ?? "",
        IsFromStandardOutput ? "1" : "0",
        .. Options.SuccessCodes.Select(code => code.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>A command as one would type it.</summary>
    public static string TextOf(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    private static string Quote(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(Plain) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
