using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Leat.Calls;
using Leat.Encoding;
using Leat.Storage;

namespace Leat;

/// <summary>Values that are declared, and computed when they are asked for. What it is of is a <see cref="Deferred{T}"/>.</summary>
[StaysHere("what is deferred is computed in the program that declared it; run it first, and use its values")]
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Deferred
{
    private protected Deferred(string name) => Name = name;

    /// <summary>What the values are of: the name of the function that gives them, for one.</summary>
    public string Name { get; }

    /// <summary>What the values are made of.</summary>
    internal virtual IReadOnlyList<Deferred> Inputs => [];

    /// <summary>The values, as they are now.</summary>
    public static Deferred<T> Create<T>(params ReadOnlySpan<T> values) => new ListDeferred<T>(values.ToArray());

    /// <summary>The values of a sequence, as they are now.</summary>
    public static Deferred<T> From<T>(IEnumerable<T> values) => new ListDeferred<T>([.. values]);

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>Makes what stands for it in a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="inputs">What stands for its inputs.</param>
    internal abstract CallNode CreateNode(Evaluation run, CallNode[] inputs);
}

/// <summary>
/// Any number of values, declared by nested calls of functions that <see cref="Call"/> has made: nothing runs before the values
/// are asked for. It is immutable, can be an argument of any number of calls, and be run any number of times; used twice in
/// one run it is computed once. Arrays, lists, collection expressions, ranges of whole numbers and single values convert to it.
/// </summary>
/// <remarks>
/// It is an <see cref="IAsyncEnumerable{T}"/> as well, and so can be the source of a pipe: each enumeration is a run, which gives
/// the values in order and goes only a little ahead of who takes them.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
[CollectionBuilder(typeof(Deferred), nameof(Create))]
public abstract class Deferred<T> : Deferred, IAsyncEnumerable<T>
{
    private protected Deferred(string name)
        : base(name)
    {
    }

    /// <summary>One value.</summary>
    /// <exception cref="ArgumentException">It is itself deferred.</exception>
    public static implicit operator Deferred<T>(T value) =>
        value is Deferred deferred ? throw CallErrors.DeferredAsValue(deferred.Name) : new ListDeferred<T>([value]);

    /// <summary>The values of an array, as they are now.</summary>
    public static implicit operator Deferred<T>(T[] values) => Create(values.AsSpan());

    /// <summary>The values of a list, as they are now.</summary>
    [SuppressMessage("Design", "CA1002", Justification = "The one type of list that callers have, and no interface can be converted from.")]
    public static implicit operator Deferred<T>(List<T> values) => From(values);

    /// <summary>The values of an immutable array.</summary>
    public static implicit operator Deferred<T>(ImmutableArray<T> values) => Create(values.AsSpan());

    /// <summary>The whole numbers of a range, such as <c>1..4</c> for 1, 2 and 3.</summary>
    /// <exception cref="ArgumentException">The values are no whole numbers, or the range counts from an end.</exception>
    public static implicit operator Deferred<T>(Range range) => new ListDeferred<T>(WholeNumbers.Of<T>(range));

    /// <summary>Computes the values and gives them in order.</summary>
    /// <param name="pool">Where calls run that do not say it themselves; by default as many threads as the machine has cores.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="PipelineException">Calls have failed; it holds all failures. What did not need them was computed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task<T[]> RunAsync(Pool? pool = null, CancellationToken cancellationToken = default)
    {
        CallRun<T> run = Start(pool, cancellationToken);
        await using ConfiguredAsyncDisposable disposal = run.ConfigureAwait(false);
        return await run.ResultsAsync().ConfigureAwait(false);
    }

    /// <summary>Starts to compute the values, and returns at once.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public CallRun<T> Start(Pool? pool = null, CancellationToken cancellationToken = default) =>
        new(new Evaluation(this, pool, window: null, cancellationToken));

    /// <summary>Starts a run; its values are those of the enumeration.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => Stream(null, cancellationToken);

    /// <summary>The values as an asynchronous sequence that is computed by a pool; each enumeration is a run.</summary>
    /// <param name="pool">Where calls run that do not say it themselves.</param>
    public IAsyncEnumerable<T> On(Pool pool) => new DeferredStream<T>(this, pool);

    /// <summary>The values for callers that can't be asynchronous: each enumeration is a run, and waiting blocks the thread.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        IAsyncEnumerator<T> values = GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (Blocking.ResultOf(values.MoveNextAsync())) yield return values.Current;
        }
        finally
        {
            Blocking.Await(values.DisposeAsync());
        }
    }

    internal async IAsyncEnumerator<T> Stream(Pool? pool, CancellationToken cancellationToken)
    {
        var run = new CallRun<T>(new Evaluation(this, pool, DeferredStream.Window, cancellationToken));
        await using ConfiguredAsyncDisposable disposal = run.ConfigureAwait(false);
        await foreach (T value in run.InOrder(cancellationToken).ConfigureAwait(false)) yield return value;
    }
}
