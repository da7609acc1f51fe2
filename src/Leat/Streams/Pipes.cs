namespace Leat.Streams;

/// <summary>What stands at the end of a pipe.</summary>
internal enum PipeKind
{
    Source,
    Stage,
    Joint,
    Sink,
}

/// <summary>A pipe that starts at a sequence.</summary>
internal sealed class EnumerablePipe<T>(string name, IEnumerable<T> items) : Pipe<T>(name)
{
    internal override IReadOnlyList<Pipe> Inputs => [];

    internal override PipeKind Kind => PipeKind.Source;

    internal override Node CreateNode(RunBuilder builder, Link<T> output) =>
        new EnumerableNode<T>(builder.Run, builder.NameOf(this), items, output);
}

/// <summary>A pipe that starts at an asynchronous sequence.</summary>
internal sealed class AsyncEnumerablePipe<T>(string name, IAsyncEnumerable<T> items) : Pipe<T>(name)
{
    internal override IReadOnlyList<Pipe> Inputs => [];

    internal override PipeKind Kind => PipeKind.Source;

    internal override Node CreateNode(RunBuilder builder, Link<T> output) =>
        new AsyncEnumerableNode<T>(builder.Run, builder.NameOf(this), items, output);
}

/// <summary>A pipe with a per-item stage at its end.</summary>
internal sealed class ItemPipe<TIn, TOut>(Pipe<TIn> input, ItemStage<TIn, TOut> stage) : Pipe<TOut>(stage.Name)
{
    internal override IReadOnlyList<Pipe> Inputs { get; } = [input];

    internal override PipeKind Kind => PipeKind.Stage;

    internal override int Workers => stage.Options.Workers;

    internal override int Hands => stage.Options.Hands;

    internal override int? Capacity => stage.Options.Capacity;

    internal override Node CreateNode(RunBuilder builder, Link<TOut> output) =>
        new ItemNode<TIn, TOut>(builder.Run, builder.NameOf(this), stage, builder.TakeLink(input), output);
}

/// <summary>A pipe with a whole-stream stage at its end.</summary>
internal sealed class StreamPipe<TIn, TOut>(
    Pipe<TIn> input,
    string name,
    StageOptions options,
    Func<Run, string, Link<TIn>, Link<TOut>, Node> create) : Pipe<TOut>(name)
{
    internal override IReadOnlyList<Pipe> Inputs { get; } = [input];

    internal override PipeKind Kind => PipeKind.Stage;

    internal override int Workers => options.Workers;

    internal override int? Capacity => options.Capacity;

    internal override Node CreateNode(RunBuilder builder, Link<TOut> output) =>
        create(builder.Run, builder.NameOf(this), builder.TakeLink(input), output);
}

/// <summary>A pipe that ends in a sink.</summary>
internal sealed class SinkPipe<T>(Pipe<T> input, Sink<T> sink) : Pipe(sink.Name)
{
    internal override IReadOnlyList<Pipe> Inputs { get; } = [input];

    internal override PipeKind Kind => PipeKind.Sink;

    internal override Pipe Closed() => this;

    internal override void Build(RunBuilder builder) =>
        builder.Add(this, new SinkNode<T>(builder.Run, builder.NameOf(this), sink, builder.TakeLink(input)));
}
