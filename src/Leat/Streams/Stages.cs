using Leat.Pools;

namespace Leat.Streams;

/// <summary>Two stages, the second over the results of the first.</summary>
internal sealed class ComposedStage<TIn, TMiddle, TOut>(Stage<TIn, TMiddle> first, Stage<TMiddle, TOut> second)
    : Stage<TIn, TOut>($"{first.Name} | {second.Name}")
{
    internal override Pipe<TOut> Attach(Pipe<TIn> input) => second.Attach(first.Attach(input));

    internal override Stage<Part<TIn>, Part<TOut>> Lift() => first.Lift().Then(second.Lift());

    private protected override Stage<TIn, TOut> Place(Pool pool, bool isPart) => first.PlacePart(pool).Then(second.PlacePart(pool));
}

/// <summary>A stage that works item by item.</summary>
internal abstract class ItemStage<TIn, TOut>(string name, StageOptions options) : Stage<TIn, TOut>(name)
{
    public override StageOptions Options => options;

    /// <summary>True when the body takes a cancellation token, so that there is a point in waiting for it to react.</summary>
    public virtual bool TakesToken => false;

    /// <summary>True when the items are parts of scattered items.</summary>
    public virtual bool IsLifted => false;

    /// <summary>Makes the body for one worker.</summary>
    public abstract Func<ItemBody<TIn, TOut>> CreateBody { get; }

    /// <summary>True when the body keeps a state for the whole stream.</summary>
    public virtual bool IsStateful => false;

    internal override Pipe<TOut> Attach(Pipe<TIn> input) => new ItemPipe<TIn, TOut>(input, this);
}

/// <summary>A per-item stage whose bodies are made by a function.</summary>
internal sealed class BodyStage<TIn, TOut>(string name, StageOptions options, BodyFactory<TIn, TOut> factory) : ItemStage<TIn, TOut>(name, options)
{
    public override bool TakesToken => factory.TakesToken;

    public override bool IsLifted => factory.IsLifted;

    public override bool IsStateful => factory.IsStateful;

    public override Func<ItemBody<TIn, TOut>> CreateBody => factory.Create;

    internal override Stage<Part<TIn>, Part<TOut>> Lift()
    {
        if (factory.IsStateful)
        {
            throw StreamErrors.NotPerItem(Name);
        }

        // Not the stage itself, which could not go to another process.
        Func<ItemBody<TIn, TOut>> create = factory.Create;
        return new BodyStage<Part<TIn>, Part<TOut>>(
            Name,
            Options,
            new BodyFactory<Part<TIn>, Part<TOut>>(() => new PartBody<TIn, TOut>(create())) { TakesToken = TakesToken, IsLifted = true });
    }

    private protected override Stage<TIn, TOut> Place(Pool pool, bool isPart)
    {
        if (factory.IsStateful && (isPart || !factory.MayTravel))
        {
            return isPart ? this : throw StreamErrors.StaysHere(Name);
        }

        if (pool is ProcessPool)
        {
            // Here, where the mistake is, and not when the stage runs.
            RemoteStage.Check<TIn, TOut>(RemoteStage.TaskOf(factory.Create));
        }

        StageOptions placed = Options with { Pool = pool };
        return Copy(Name, factory.IsStateful ? placed with { Workers = 1 } : placed);
    }

    private protected override Stage<TIn, TOut> Copy(string name, StageOptions options)
    {
        if (factory.IsStateful && (options.Workers > 1 || options.Timeout is not null))
        {
            throw StreamErrors.SingleWorker(name);
        }

        return new BodyStage<TIn, TOut>(name, options, factory);
    }
}

/// <summary>Makes the bodies of a stage, one a worker.</summary>
internal sealed record BodyFactory<TIn, TOut>(Func<ItemBody<TIn, TOut>> Create)
{
    public bool TakesToken { get; init; }

    /// <summary>True when the body keeps a state for the whole stream, and so can't have neighbours.</summary>
    public bool IsStateful { get; init; }

    /// <summary>True when a body with such a state has code of the author's that another process may run.</summary>
    public bool MayTravel { get; init; }

    public bool IsLifted { get; init; }
}

/// <summary>A stage whose body is an asynchronous function over the whole stream.</summary>
internal sealed class StreamStage<TIn, TOut>(
    string name,
    StageOptions options,
    Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> body) : Stage<TIn, TOut>(name)
{
    public override StageOptions Options => options;

    public Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> Body => body;

    internal override Pipe<TOut> Attach(Pipe<TIn> input) =>
        new StreamPipe<TIn, TOut>(input, Name, options, (run, name, from, to) => new AsyncStreamNode<TIn, TOut>(run, name, this, from, to));

    private protected override Stage<TIn, TOut> Place(Pool pool, bool isPart) => isPart
        ? this
        : pool is ProcessPool processes
            ? new StreamStage<TIn, TOut>(Name, options, RemoteStream.Place(processes, Name, body))
            : throw StreamErrors.StaysHere(Name);

    private protected override Stage<TIn, TOut> Copy(string name, StageOptions changed) =>
        new StreamStage<TIn, TOut>(name, StreamStages.Check(name, changed), body);
}

/// <summary>A stage whose body is a synchronous function over the whole stream.</summary>
internal sealed class BlockingStreamStage<TIn, TOut>(
    string name,
    StageOptions options,
    Func<IEnumerable<TIn>, IEnumerable<TOut>> body) : Stage<TIn, TOut>(name)
{
    public override StageOptions Options => options;

    public Func<IEnumerable<TIn>, IEnumerable<TOut>> Body => body;

    internal override Pipe<TOut> Attach(Pipe<TIn> input) =>
        new StreamPipe<TIn, TOut>(input, Name, options, (run, name, from, to) => new BlockingStreamNode<TIn, TOut>(run, name, this, from, to));

    private protected override Stage<TIn, TOut> Place(Pool pool, bool isPart)
    {
        Func<IEnumerable<TIn>, IEnumerable<TOut>> blocking = body;
        return isPart ? this : new StreamStage<TIn, TOut>(Name, options, (items, token) => RemoteStream.UnblockAsync(blocking, items, token)).On(pool);
    }

    private protected override Stage<TIn, TOut> Copy(string name, StageOptions changed) =>
        new BlockingStreamStage<TIn, TOut>(name, StreamStages.Check(name, changed), body);
}

/// <summary>What whole-stream stages have in common.</summary>
internal static class StreamStages
{
    /// <summary>The options, unless they are about single items.</summary>
    public static StageOptions Check(string name, StageOptions options) =>
        options.Timeout is null && options.OnError == OnError.Stop ? options : throw StreamErrors.NoSingleItem(name);
}
