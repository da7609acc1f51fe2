using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Gives any number of results for every item, in their order.</summary>
    /// <param name="body">
    /// Makes the results, lazily: they go on while the body still makes others. When it throws half-way, those before
    /// have gone on already, unless the stage has a timeout or retries: then an item's results are kept until all are
    /// there.
    /// </param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, IEnumerable<TOut>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapBody<TIn, TOut>((item, _) => new ValueTask<IEnumerable<TOut>>(body(item)))));

    /// <inheritdoc cref="FlatMap{TIn,TOut}(Func{TIn,IEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, CancellationToken, IEnumerable<TOut>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapBody<TIn, TOut>((item, token) => new ValueTask<IEnumerable<TOut>>(body(item, token)))) { TakesToken = true });

    /// <inheritdoc cref="FlatMap{TIn,TOut}(Func{TIn,IEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, IAsyncEnumerable<TOut>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapAsyncBody<TIn, TOut>((item, _) => body(item))));

    /// <inheritdoc cref="FlatMap{TIn,TOut}(Func{TIn,IEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, CancellationToken, IAsyncEnumerable<TOut>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapAsyncBody<TIn, TOut>(body)) { TakesToken = true });

    /// <inheritdoc cref="FlatMap{TIn,TOut}(Func{TIn,IEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, Task<IEnumerable<TOut>>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapBody<TIn, TOut>((item, _) => new ValueTask<IEnumerable<TOut>>(body(item)))));

    /// <inheritdoc cref="FlatMap{TIn,TOut}(Func{TIn,IEnumerable{TOut}},int)"/>
    public static Stage<TIn, TOut> FlatMap<TIn, TOut>(Func<TIn, CancellationToken, Task<IEnumerable<TOut>>> body, int workers = 1) =>
        Make(NameOf(body, nameof(FlatMap)), workers, new BodyFactory<TIn, TOut>(() => new FlatMapBody<TIn, TOut>((item, token) => new ValueTask<IEnumerable<TOut>>(body(item, token)))) { TakesToken = true });

    /// <summary>Gives every item several times over.</summary>
    /// <param name="times">How often; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is negative.</exception>
    public static Stage<T, T> Repeat<T>(int times) =>
        times >= 0
            ? Make(nameof(Repeat), 1, new BodyFactory<T, T>(() => new FlatMapBody<T, T>((item, _) => new ValueTask<IEnumerable<T>>(Enumerable.Repeat(item, times)))))
            : throw StreamErrors.BadOption(nameof(times), times, "an item can't be given less than 0 times");
}

/// <summary>A flat map's body over synchronous sequences, however they are made.</summary>
internal sealed class FlatMapBody<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<IEnumerable<TOut>>> body) : ItemBody<TIn, TOut>
{
    public override async ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken)
    {
        foreach (TOut result in await body(item, cancellationToken).ConfigureAwait(false))
        {
            if (!await output.AddAsync(result).ConfigureAwait(false))
            {
                return;
            }
        }
    }
}

/// <summary>A flat map's body over asynchronous sequences.</summary>
internal sealed class FlatMapAsyncBody<TIn, TOut>(Func<TIn, CancellationToken, IAsyncEnumerable<TOut>> body) : ItemBody<TIn, TOut>
{
    public override async ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<TOut> results = body(item, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = results.ConfigureAwait(false);
        while (true)
        {
            ValueTask<bool> next = results.MoveNextAsync();
            if (!next.IsCompleted)
            {
                output.HandOver();
            }

            if (!await next.ConfigureAwait(false) || !await output.AddAsync(results.Current).ConfigureAwait(false))
            {
                return;
            }
        }
    }
}
