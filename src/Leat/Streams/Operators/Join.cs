using Leat.Streams;

namespace Leat;

public abstract partial class Pipe
{
    /// <summary>The items of several pipes as one, as they come.</summary>
    /// <param name="pipes">The pipes, 1 or more.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Pipe<T> Merge<T>(params IReadOnlyList<Pipe<T>> pipes) => new MergePipe<T>(nameof(Merge), pipes, inTurn: false);

    /// <summary>The items of several pipes as one, all of the first before those of the second and so on.</summary>
    /// <param name="pipes">The pipes, 1 or more.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Pipe<T> Concat<T>(params IReadOnlyList<Pipe<T>> pipes) => new MergePipe<T>(nameof(Concat), pipes, inTurn: true);
}

/// <summary>Several pipes of one type as one.</summary>
internal sealed class MergePipe<T> : Pipe<T>
{
    private readonly Pipe<T>[] inputs;
    private readonly bool inTurn;

    public MergePipe(string name, IReadOnlyList<Pipe<T>> pipes, bool inTurn)
        : base(name)
    {
        inputs = pipes.Count > 0 ? [.. pipes] : throw StreamErrors.NothingToRun();
        this.inTurn = inTurn;
    }

    internal override IReadOnlyList<Pipe> Inputs => inputs;

    internal override PipeKind Kind => PipeKind.Joint;

    internal override int Workers => inTurn ? 1 : inputs.Length;

    internal override Node CreateNode(RunBuilder builder, Link<T> output) =>
        new MergeNode<T>(builder.Run, builder.NameOf(this), [.. inputs.Select(builder.TakeLink)], output, inTurn);
}

/// <summary>Several pipes, one item of each put together.</summary>
internal sealed class ZipPipe<TOut>(
    IReadOnlyList<Pipe> inputs,
    bool shortest,
    Func<ZipConnector, Func<TOut>> connect) : Pipe<TOut>("Zip")
{
    internal override IReadOnlyList<Pipe> Inputs => inputs;

    internal override PipeKind Kind => PipeKind.Joint;

    internal override Node CreateNode(RunBuilder builder, Link<TOut> output) =>
        new ZipNode<TOut>(builder.Run, builder.NameOf(this), output, shortest, lane =>
        {
            var connector = new ZipConnector(builder, lane);
            Func<TOut> combine = connect(connector);
            return ([.. connector.Inputs], combine);
        });
}

/// <summary>Connects the typed inputs of a zip to its node.</summary>
internal sealed class ZipConnector(RunBuilder builder, Lane lane)
{
    public List<ZipInput> Inputs { get; } = [];

    public ZipInput<T> Connect<T>(Pipe<T> pipe)
    {
        var input = new ZipInput<T>(pipe.Name, builder.TakeLink(pipe), lane);
        Inputs.Add(input);
        return input;
    }
}
