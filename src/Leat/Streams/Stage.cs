using System.Diagnostics;
using System.Threading.Channels;
using Leat.Encoding;
using Leat.Streams;

namespace Leat;

/// <summary>
/// One step of a pipeline, or several composed: takes items of one type and gives items of another. A stage is
/// immutable and holds nothing of a run: it can be part of any number of pipes, and run any number of times.
/// </summary>
/// <typeparam name="TIn">The type of the items it takes.</typeparam>
/// <typeparam name="TOut">The type of the items it gives.</typeparam>
[StaysHere("a stage belongs to the program that declared it; make it inside the lambda")]
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Stage<TIn, TOut>
{
    private protected Stage(string name) => Name = name;

    /// <summary>The stage's name in errors, statistics and drawings; that of its body's method by default.</summary>
    public string Name { get; }

    /// <summary>How the stage works.</summary>
    /// <exception cref="InvalidOperationException">The stage is several stages composed.</exception>
    public virtual StageOptions Options => throw StreamErrors.OptionsOfComposite(Name);

    /// <summary>Runs items through a stage.</summary>
    public static Pipe<TOut> operator |(Pipe<TIn> input, Stage<TIn, TOut> stage) => stage.Attach(input);

    /// <summary>Runs items through a stage.</summary>
    public static Pipe<TOut> operator |(IEnumerable<TIn> input, Stage<TIn, TOut> stage) => stage.Attach(Source.From(input));

    /// <summary>Runs items through a stage.</summary>
    public static Pipe<TOut> operator |(IAsyncEnumerable<TIn> input, Stage<TIn, TOut> stage) => stage.Attach(Source.From(input));

    /// <summary>Runs items through a stage.</summary>
    public static Pipe<TOut> operator |(ChannelReader<TIn> input, Stage<TIn, TOut> stage) => stage.Attach(Source.From(input));

    /// <summary>Composes this stage with the one that takes its results; the twin of the operator <c>|</c>.</summary>
    public Stage<TIn, TNext> Then<TNext>(Stage<TOut, TNext> next) => new ComposedStage<TIn, TOut, TNext>(this, next);

    /// <summary>Runs items through this stage; the twin of the operator <c>|</c>.</summary>
    public Pipe<TOut> Over(Pipe<TIn> input) => Attach(input);

    /// <summary>Runs items through this stage; the twin of the operator <c>|</c>.</summary>
    public Pipe<TOut> Over(IEnumerable<TIn> input) => Attach(Source.From(input));

    /// <summary>Runs items through this stage; the twin of the operator <c>|</c>.</summary>
    public Pipe<TOut> Over(IAsyncEnumerable<TIn> input) => Attach(Source.From(input));

    /// <summary>A copy of this stage with some options changed; what is left out stays as it is.</summary>
    /// <param name="workers">See <see cref="StageOptions.Workers"/>.</param>
    /// <param name="capacity">See <see cref="StageOptions.Capacity"/>.</param>
    /// <param name="ordered">See <see cref="StageOptions.Ordered"/>.</param>
    /// <param name="batch">See <see cref="StageOptions.Batch"/>.</param>
    /// <param name="timeout">See <see cref="StageOptions.Timeout"/>.</param>
    /// <param name="onError">See <see cref="StageOptions.OnError"/>.</param>
    /// <exception cref="ArgumentException">An option has no sense, or none for this stage.</exception>
    /// <exception cref="InvalidOperationException">The stage is several stages composed.</exception>
    public Stage<TIn, TOut> With(
        int? workers = null,
        int? capacity = null,
        bool? ordered = null,
        int? batch = null,
        TimeSpan? timeout = null,
        OnError? onError = null)
    {
        StageOptions now = Options;
        StageOptions changed = now with
        {
            Capacity = capacity ?? now.Capacity,
            Ordered = ordered ?? now.Ordered,
            Batch = batch ?? now.Batch,
            Timeout = timeout ?? now.Timeout,
            OnError = onError ?? now.OnError,
        };
        return With(workers is { } chosen ? changed with { Workers = chosen } : changed);
    }

    /// <summary>A copy of this stage with other options.</summary>
    /// <exception cref="ArgumentException">An option has no sense for this stage.</exception>
    /// <exception cref="InvalidOperationException">The stage is several stages composed.</exception>
    public Stage<TIn, TOut> With(StageOptions options) => Copy(Name, options);

    /// <summary>A copy of this stage with another name.</summary>
    /// <exception cref="InvalidOperationException">The stage is several stages composed.</exception>
    public Stage<TIn, TOut> Named(string name) => Copy(name, Options);

    /// <summary>
    /// A copy of this stage whose items are worked on by a pool's workers. Its number of workers is that of the pool, unless it was
    /// said. Of several stages composed, those that keep a state for the whole stream stay where they are.
    /// </summary>
    /// <param name="pool">Who works on the items.</param>
    /// <exception cref="LeatException">The pool's workers are other processes, and the stage's function can't go there.</exception>
    /// <exception cref="InvalidOperationException">The stage has nothing that another process could do for it.</exception>
    public Stage<TIn, TOut> On(Pool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return Place(pool, isPart: false);
    }

    /// <summary>The stage's name.</summary>
    public override string ToString() => Name;

    internal Stage<TIn, TOut> PlacePart(Pool pool) => Place(pool, isPart: true);

    internal abstract Pipe<TOut> Attach(Pipe<TIn> input);

    /// <summary>The same stage over the parts of scattered items.</summary>
    internal virtual Stage<Part<TIn>, Part<TOut>> Lift() => throw StreamErrors.NotPerItem(Name);

    private protected virtual Stage<TIn, TOut> Place(Pool pool, bool isPart) => isPart ? this : throw StreamErrors.StaysHere(Name);

    private protected virtual Stage<TIn, TOut> Copy(string name, StageOptions options) => throw StreamErrors.OptionsOfComposite(Name);
}

/// <summary>Composes stages ahead of any source.</summary>
public static class StageOperators
{
    extension<TIn, TMiddle, TOut>(Stage<TIn, TMiddle>)
    {
        /// <summary>Composes two stages.</summary>
        public static Stage<TIn, TOut> operator |(Stage<TIn, TMiddle> first, Stage<TMiddle, TOut> second) => first.Then(second);
    }

    extension<TIn, TMiddle, TOut>(Stage<TIn, Part<TMiddle>>)
    {
        /// <summary>Composes a scattering stage with one that works on the parts.</summary>
        public static Stage<TIn, Part<TOut>> operator |(Stage<TIn, Part<TMiddle>> first, Stage<TMiddle, TOut> second) =>
            first.Then(second.Lift());
    }

    extension<TMiddle, TOut>(Pipe<Part<TMiddle>>)
    {
        /// <summary>Runs the parts of scattered items through a stage.</summary>
        public static Pipe<Part<TOut>> operator |(Pipe<Part<TMiddle>> input, Stage<TMiddle, TOut> stage) => stage.Lift().Attach(input);
    }
}
