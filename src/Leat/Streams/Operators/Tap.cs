using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

public static partial class Stage
{
    /// <summary>Does something with every item and lets it through.</summary>
    /// <param name="action">What to do.</param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<T, T> Tap<T>(Action<T> action, int workers = 1) =>
        Make(NameOf(action, nameof(Tap)), workers, new BodyFactory<T, T>(() => new MapBody<T, T>(item =>
        {
            action(item);
            return item;
        })));

    /// <inheritdoc cref="Tap{T}(Action{T},int)"/>
    public static Stage<T, T> Tap<T>(Func<T, Task> action, int workers = 1) =>
        Tap(NameOf(action, nameof(Tap)), (T item, CancellationToken _) => new ValueTask(action(item)), workers, takesToken: false);

    /// <inheritdoc cref="Tap{T}(Action{T},int)"/>
    public static Stage<T, T> Tap<T>(Func<T, CancellationToken, Task> action, int workers = 1) =>
        Tap(NameOf(action, nameof(Tap)), (T item, CancellationToken token) => new ValueTask(action(item, token)), workers, takesToken: true);

    /// <inheritdoc cref="Tap{T}(Action{T},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, T> Tap<T>(Func<T, ValueTask> action, int workers = 1) =>
        Tap(NameOf(action, nameof(Tap)), (T item, CancellationToken _) => action(item), workers, takesToken: false);

    /// <inheritdoc cref="Tap{T}(Action{T},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, T> Tap<T>(Func<T, CancellationToken, ValueTask> action, int workers = 1) =>
        Tap(NameOf(action, nameof(Tap)), action, workers, takesToken: true);

    /// <summary>
    /// Does something with every item and ends the stream with one number: how many items it was done with.
    /// </summary>
    /// <param name="action">What to do.</param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<T, long> ForEach<T>(Action<T> action, int workers = 1) => Tap(action, workers).Then(Count<T>());

    /// <inheritdoc cref="ForEach{T}(Action{T},int)"/>
    public static Stage<T, long> ForEach<T>(Func<T, Task> action, int workers = 1) => Tap(action, workers).Then(Count<T>());

    /// <inheritdoc cref="ForEach{T}(Action{T},int)"/>
    public static Stage<T, long> ForEach<T>(Func<T, CancellationToken, Task> action, int workers = 1) => Tap(action, workers).Then(Count<T>());

    /// <inheritdoc cref="ForEach{T}(Action{T},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, long> ForEach<T>(Func<T, ValueTask> action, int workers = 1) => Tap(action, workers).Then(Count<T>());

    /// <inheritdoc cref="ForEach{T}(Action{T},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<T, long> ForEach<T>(Func<T, CancellationToken, ValueTask> action, int workers = 1) => Tap(action, workers).Then(Count<T>());

    private static Stage<T, long> Count<T>() => Fold(0L, static (long count, T _) => count + 1).Named(nameof(Count));

    private static Stage<T, T> Tap<T>(string name, Func<T, CancellationToken, ValueTask> action, int workers, bool takesToken) =>
        Make(
            name,
            workers,
            new BodyFactory<T, T>(() => new MapAsyncBody<T, T>(async (item, token) =>
            {
                await action(item, token).ConfigureAwait(false);
                return item;
            }))
            { TakesToken = takesToken });
}
