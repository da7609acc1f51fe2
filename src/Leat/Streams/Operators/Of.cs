using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>
    /// A function over the whole stream. With several workers, each runs the function over its share of the items, and
    /// the results come as they are ready.
    /// </summary>
    /// <param name="body">
    /// Takes the stream and gives the results. When an earlier stage fails, its stream throws instead of ending, so that
    /// a part is never taken for the whole. It may stop reading before the end.
    /// </param>
    /// <param name="workers">How many instances of the function share the stream; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, IAsyncEnumerable<TOut>> body, int workers = 1) =>
        new StreamStage<TIn, TOut>(NameOf(body, nameof(Of)), StageOptions.Of(workers), (items, _) => body(items));

    /// <inheritdoc cref="Of{TIn,TOut}(Func{IAsyncEnumerable{TIn},IAsyncEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> body, int workers = 1) =>
        new StreamStage<TIn, TOut>(NameOf(body, nameof(Of)), StageOptions.Of(workers), body);

    /// <inheritdoc cref="Of{TIn,TOut}(Func{IAsyncEnumerable{TIn},IAsyncEnumerable{TOut}},int)"/>
    /// <remarks>The function may block; each worker has a thread of its own.</remarks>
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IEnumerable<TIn>, IEnumerable<TOut>> body, int workers = 1) =>
        new BlockingStreamStage<TIn, TOut>(NameOf(body, nameof(Of)), StageOptions.Of(workers), body);

    /// <summary>A function over the whole stream that gives one result, such as an aggregate.</summary>
    /// <param name="body">Takes the stream and gives the result.</param>
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, Task<TOut>> body) =>
        OfOne(NameOf(body, nameof(Of)), (IAsyncEnumerable<TIn> items, CancellationToken _) => new ValueTask<TOut>(body(items)));

    /// <inheritdoc cref="Of{TIn,TOut}(Func{IAsyncEnumerable{TIn},Task{TOut}})"/>
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, CancellationToken, Task<TOut>> body) =>
        OfOne(NameOf(body, nameof(Of)), (IAsyncEnumerable<TIn> items, CancellationToken token) => new ValueTask<TOut>(body(items, token)));

    /// <inheritdoc cref="Of{TIn,TOut}(Func{IAsyncEnumerable{TIn},Task{TOut}})"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, ValueTask<TOut>> body) =>
        OfOne(NameOf(body, nameof(Of)), (IAsyncEnumerable<TIn> items, CancellationToken _) => body(items));

    /// <inheritdoc cref="Of{TIn,TOut}(Func{IAsyncEnumerable{TIn},Task{TOut}})"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Of<TIn, TOut>(Func<IAsyncEnumerable<TIn>, CancellationToken, ValueTask<TOut>> body) =>
        OfOne(NameOf(body, nameof(Of)), body);

    private static StreamStage<TIn, TOut> OfOne<TIn, TOut>(string name, Func<IAsyncEnumerable<TIn>, CancellationToken, ValueTask<TOut>> body) =>
        new(name, StageOptions.Default, (items, token) => OneResult(body, items, token));

    private static async IAsyncEnumerable<TOut> OneResult<TIn, TOut>(
        Func<IAsyncEnumerable<TIn>, CancellationToken, ValueTask<TOut>> body,
        IAsyncEnumerable<TIn> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await body(items, cancellationToken).ConfigureAwait(false);
    }
}
