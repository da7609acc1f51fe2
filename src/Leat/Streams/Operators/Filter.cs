using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Lets the items through for which the predicate holds.</summary>
    /// <param name="predicate">True for the items to let through.</param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<T, T> Filter<T>(Func<T, bool> predicate, int workers = 1) =>
        Make(NameOf(predicate, nameof(Filter)), workers, new BodyFactory<T, T>(() => new FilterBody<T>(predicate)));

    /// <inheritdoc cref="Filter{T}(Func{T,bool},int)"/>
    public static Stage<T, T> Filter<T>(Func<T, Task<bool>> predicate, int workers = 1) =>
        Make(NameOf(predicate, nameof(Filter)), workers, new BodyFactory<T, T>(() => new FilterAsyncBody<T>((item, _) => new ValueTask<bool>(predicate(item)))));

    /// <inheritdoc cref="Filter{T}(Func{T,bool},int)"/>
    public static Stage<T, T> Filter<T>(Func<T, CancellationToken, Task<bool>> predicate, int workers = 1) =>
        Make(NameOf(predicate, nameof(Filter)), workers, new BodyFactory<T, T>(() => new FilterAsyncBody<T>((item, token) => new ValueTask<bool>(predicate(item, token)))) { TakesToken = true });

    /// <inheritdoc cref="Filter{T}(Func{T,bool},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, T> Filter<T>(Func<T, ValueTask<bool>> predicate, int workers = 1) =>
        Make(NameOf(predicate, nameof(Filter)), workers, new BodyFactory<T, T>(() => new FilterAsyncBody<T>((item, _) => predicate(item))));

    /// <inheritdoc cref="Filter{T}(Func{T,bool},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, T> Filter<T>(Func<T, CancellationToken, ValueTask<bool>> predicate, int workers = 1) =>
        Make(NameOf(predicate, nameof(Filter)), workers, new BodyFactory<T, T>(() => new FilterAsyncBody<T>(predicate)) { TakesToken = true });

    /// <summary>Lets every item through once, the first time that it comes. Keeps all distinct items in memory.</summary>
    /// <param name="comparer">What makes two items equal; the type's own equality by default.</param>
    public static Stage<T, T> Distinct<T>(IEqualityComparer<T>? comparer = null) =>
        Make(
            nameof(Distinct),
            1,
            new BodyFactory<T, T>(() =>
            {
                var seen = new HashSet<T>(comparer);
                return new FilterBody<T>(seen.Add);
            })
            { IsStateful = true });
}

/// <summary>A filter's body when it is synchronous.</summary>
internal sealed class FilterBody<T>(Func<T, bool> predicate) : ItemBody<T, T>
{
    public override bool HasLoop => true;

    public override void Loop(Claim<T> claim, Writer<T> writer)
    {
        Func<T, bool> call = predicate;
        T[] items = claim.Batch!.Items;
        while (claim.TryNext(out int index))
        {
            T item = items[index];
            if (call(item))
            {
                writer.Add(item);
            }
        }
    }

    public override async ValueTask OneAsync(T item, Emitter<T> output, CancellationToken cancellationToken)
    {
        if (predicate(item))
        {
            await output.AddAsync(item).ConfigureAwait(false);
        }
    }
}

/// <summary>A filter's body when it is asynchronous.</summary>
internal sealed class FilterAsyncBody<T>(Func<T, CancellationToken, ValueTask<bool>> predicate) : ItemBody<T, T>
{
    public override async ValueTask OneAsync(T item, Emitter<T> output, CancellationToken cancellationToken)
    {
        if (await predicate(item, cancellationToken).ConfigureAwait(false))
        {
            await output.AddAsync(item).ConfigureAwait(false);
        }
    }
}
