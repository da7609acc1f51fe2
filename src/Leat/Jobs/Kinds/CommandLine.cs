using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Leat.Jobs;

namespace Leat;

/// <summary>
/// A program and its arguments, written as an interpolated text: <c>$"samtools sort -@ {threads} {reads} -o {path}"</c>. The text between
/// the holes is split at spaces, and quotes keep spaces together; what is in a hole is never split, so that no path needs quoting. There is no shell.
/// </summary>
/// <remarks>
/// A job in a hole stands for the path of its file, and the command depends on it; one that makes several files stands for all of them.
/// A list in a hole becomes as many arguments, if the hole stands alone.
/// </remarks>
[InterpolatedStringHandler]
public sealed class CommandLine
{
    private readonly List<string> arguments = [];
    private readonly List<IJobInput> inputs = [];
    private readonly StringBuilder current = new();
    private char quote;
    private bool hasCurrent;

    /// <summary>Called by the compiler.</summary>
    /// <param name="literalLength">The length of the text between the holes.</param>
    /// <param name="formattedCount">The number of holes.</param>
    public CommandLine(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _ = formattedCount;
    }

    /// <summary>A program and its arguments, which are taken as they are.</summary>
    /// <param name="program">The program: a path, or a name that is looked up in <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments: texts, jobs, numbers, or lists of such.</param>
    public CommandLine(string program, params IEnumerable<object> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        this.arguments.Add(program);
        foreach (object argument in arguments)
        {
            AppendFormatted(argument);
            EndArgument();
        }
    }

    /// <summary>The program and its arguments.</summary>
    /// <exception cref="LeatException">A quote is not closed, or there is no program.</exception>
    public ImmutableArray<string> Arguments
    {
        get
        {
            if (quote != '\0') throw JobErrors.OpenQuote(ToString());
            EndArgument();
            return arguments.Count > 0 ? [.. arguments] : throw JobErrors.NoProgram();
        }
    }

    internal IReadOnlyList<IJobInput> Inputs => inputs;

    /// <summary>A text that is split at spaces.</summary>
    public static implicit operator CommandLine(string text)
    {
        var line = new CommandLine(0, 0);
        line.AppendLiteral(text);
        return line;
    }

    /// <summary>A text that is split at spaces.</summary>
    public static CommandLine FromString(string text) => text;

    /// <summary>Called by the compiler with the text between the holes.</summary>
    public void AppendLiteral(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        foreach (char each in value)
        {
            if (quote != '\0')
            {
                if (each == quote) quote = '\0';
                else current.Append(each);
            }
            else if (each is '"' or '\'')
            {
                quote = each;
                hasCurrent = true;
            }
            else if (char.IsWhiteSpace(each))
            {
                EndArgument();
            }
            else
            {
                current.Append(each);
                hasCurrent = true;
            }
        }
    }

    /// <summary>Called by the compiler with what is in a hole.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Called by the compiler with what is in a hole, and its format.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        switch (value)
        {
            case null:
                return;
            case IJobInput input:
                inputs.Add(input);
                AppendAll(input.Output < 0 ? (IEnumerable)input.Job.Outputs : new[] { input.Job.Outputs[input.Output] });
                return;
            case string text:
                Append(text);
                return;
            case IEnumerable list:
                AppendAll(list);
                return;
            case IFormattable formattable:
                Append(formattable.ToString(format, CultureInfo.InvariantCulture));
                return;
            default:
                Append(value.ToString() ?? "");
                return;
        }
    }

    /// <summary>The command as one would type it.</summary>
    public override string ToString() => CommandPlan.TextOf([.. arguments, .. hasCurrent ? [current.ToString()] : Array.Empty<string>()]);

    private void AppendAll(IEnumerable list)
    {
        bool isFirst = true;
        foreach (object? each in list)
        {
            if (!isFirst) EndArgument();
            AppendFormatted(each, null);
            isFirst = false;
        }
    }

    private void Append(string text)
    {
        current.Append(text);
        hasCurrent = true;
    }

    private void EndArgument()
    {
        if (!hasCurrent) return;
        arguments.Add(current.ToString());
        current.Clear();
        hasCurrent = false;
    }
}
