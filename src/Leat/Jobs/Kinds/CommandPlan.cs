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
        IEnumerable<string> words = ArgumentsFor(paths).Select(each => each.Replace(inside, "", StringComparison.Ordinal));
        IEnumerable<string> variables = Options.Environment.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value}");
        return Leat.Encoding.Digest.OfText(string.Join('\0', [.. words, "", .. variables, "", Options.WorkingDirectory ?? "", IsFromStandardOutput ? "1" : "0", .. Options.SuccessCodes.Select(code => code.ToString(CultureInfo.InvariantCulture))]));
    }

    /// <summary>True for what runs the same program in the same way.</summary>
    public bool IsSame(CommandPlan other, OutputPaths paths) =>
        ArgumentsFor(paths).SequenceEqual(other.ArgumentsFor(paths))
        && IsFromStandardOutput == other.IsFromStandardOutput
        && Options.WorkingDirectory == other.Options.WorkingDirectory
        && Options.SuccessCodes.SequenceEqual(other.Options.SuccessCodes)
        && Options.Environment.OrderBy(each => each.Key, StringComparer.Ordinal).SequenceEqual(other.Options.Environment.OrderBy(each => each.Key, StringComparer.Ordinal));

    /// <summary>A command as one would type it.</summary>
    public static string TextOf(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quote));

    private static string Quote(string argument) =>
        argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(Plain) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
