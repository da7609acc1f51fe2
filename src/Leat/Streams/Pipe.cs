using System.Diagnostics;
using Leat.Encoding;
using Leat.Streams;

namespace Leat;

/// <summary>
/// A declared pipeline: sources, stages and perhaps sinks. Declaring runs nothing. Pipes with an open end are
/// <see cref="Pipe{T}"/>; those that end in a sink are run by <see cref="Flow.Start(ReadOnlySpan{Pipe})"/>.
/// </summary>
[StaysHere("a pipe runs in the program that made it; make a list of its items first, or make the pipe inside the lambda")]
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class Pipe
{
    private protected Pipe(string name) => Name = name;

    /// <summary>The name of the last stage, source or sink of the pipe.</summary>
    public string Name { get; }

    /// <summary>The pipes whose items this one takes.</summary>
    internal abstract IReadOnlyList<Pipe> Inputs { get; }

    /// <summary>How many workers the last stage has; for drawings.</summary>
    internal virtual int Workers => 1;

    /// <summary>How many fill its output at the same time.</summary>
    internal virtual int Hands => Workers;

    /// <summary>What the pipe's node is: a source, a stage, a joint or a sink; for drawings.</summary>
    internal abstract PipeKind Kind { get; }

    /// <summary>The names of the stages from the source on; of several inputs, the first is followed.</summary>
    public override string ToString()
    {
        const int longest = 20;
        var names = new Stack<string>();
        Pipe? pipe = this;
        for (; pipe is not null && names.Count < longest; pipe = pipe.Inputs.Count > 0 ? pipe.Inputs[0] : null)
        {
            names.Push(pipe.Name);
        }

        return (pipe is null ? "" : "… | ") + string.Join(" | ", names);
    }

    /// <summary>This pipe with a sink at its end: its own, or one that drops everything.</summary>
    internal abstract Pipe Closed();

    /// <summary>Adds the pipe's node, and the link that it writes, to a run.</summary>
    internal abstract void Build(RunBuilder builder);
}
