using System.Runtime.CompilerServices;
using Leat.Code;
using Leat.Streams;

namespace Leat;

/// <summary>
/// Makes stages. Bodies may be synchronous or return a task, and may take a <see cref="CancellationToken"/>, which is
/// cancelled when the result is of no more use; extra arguments are captured variables. What a stage can be told
/// beyond its body and its workers is said by <see cref="Stage{TIn,TOut}.With(int?,int?,bool?,int?,TimeSpan?,OnError?)"/>.
/// </summary>
public static partial class Stage
{
    /// <summary>Gives one result for every item.</summary>
    /// <param name="body">Makes the result.</param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <param name="cache">
    /// Where results are looked up first, and kept, by the code of the body and the item; null, the default, for none. The same
    /// cache may serve calls and wrapped functions.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, TOut> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, TOut> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapBody<TIn, TOut>(call)));
    }

    /// <inheritdoc cref="Map{TIn,TOut}(Func{TIn,TOut},int,Cache?)"/>
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, CancellationToken, TOut> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, CancellationToken, TOut> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapTokenBody<TIn, TOut>(call)) { TakesToken = true });
    }

    /// <inheritdoc cref="Map{TIn,TOut}(Func{TIn,TOut},int,Cache?)"/>
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, Task<TOut>> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, Task<TOut>> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapAsyncBody<TIn, TOut>((item, _) => new ValueTask<TOut>(call(item)))));
    }

    /// <inheritdoc cref="Map{TIn,TOut}(Func{TIn,TOut},int,Cache?)"/>
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, CancellationToken, Task<TOut>> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, CancellationToken, Task<TOut>> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapAsyncBody<TIn, TOut>((item, token) => new ValueTask<TOut>(call(item, token)))) { TakesToken = true });
    }

    /// <inheritdoc cref="Map{TIn,TOut}(Func{TIn,TOut},int,Cache?)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, ValueTask<TOut>> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, ValueTask<TOut>> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapAsyncBody<TIn, TOut>((item, _) => call(item))));
    }

    /// <inheritdoc cref="Map{TIn,TOut}(Func{TIn,TOut},int,Cache?)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Map<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<TOut>> body, int workers = 1, Cache? cache = null)
    {
        Func<TIn, CancellationToken, ValueTask<TOut>> call = cache?.Wrap(body) ?? body;
        return Make(NameOf(body, nameof(Map)), workers, new BodyFactory<TIn, TOut>(() => new MapAsyncBody<TIn, TOut>(call)) { TakesToken = true });
    }

    /// <summary>
    /// Gives one result for every item, with a state that each worker makes once, uses alone and disposes at the end.
    /// </summary>
    /// <param name="create">Makes a worker's state.</param>
    /// <param name="body">Makes the result.</param>
    /// <param name="workers">How many items are worked on at the same time; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, TOut> body, int workers = 1) =>
        Make(
            NameOf(body, nameof(Map)),
            workers,
            new BodyFactory<TIn, TOut>(() =>
            {
                TState state = create();
                return new MapBody<TIn, TOut>(item => body(state, item)) { State = state };
            }));

    /// <inheritdoc cref="Map{TState,TIn,TOut}(Func{TState},Func{TState,TIn,TOut},int)"/>
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, CancellationToken, TOut> body, int workers = 1) =>
        Map(NameOf(body, nameof(Map)), create, (TState state, TIn item, CancellationToken token) => new ValueTask<TOut>(body(state, item, token)), workers, takesToken: true);

    /// <inheritdoc cref="Map{TState,TIn,TOut}(Func{TState},Func{TState,TIn,TOut},int)"/>
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, Task<TOut>> body, int workers = 1) =>
        Map(NameOf(body, nameof(Map)), create, (TState state, TIn item, CancellationToken _) => new ValueTask<TOut>(body(state, item)), workers, takesToken: false);

    /// <inheritdoc cref="Map{TState,TIn,TOut}(Func{TState},Func{TState,TIn,TOut},int)"/>
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, CancellationToken, Task<TOut>> body, int workers = 1) =>
        Map(NameOf(body, nameof(Map)), create, (TState state, TIn item, CancellationToken token) => new ValueTask<TOut>(body(state, item, token)), workers, takesToken: true);

    /// <inheritdoc cref="Map{TState,TIn,TOut}(Func{TState},Func{TState,TIn,TOut},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, ValueTask<TOut>> body, int workers = 1) =>
        Map(NameOf(body, nameof(Map)), create, (TState state, TIn item, CancellationToken _) => body(state, item), workers, takesToken: false);

    /// <inheritdoc cref="Map{TState,TIn,TOut}(Func{TState},Func{TState,TIn,TOut},int)"/>
    [OverloadResolutionPriority(1)]
    public static Stage<TIn, TOut> Map<TState, TIn, TOut>(Func<TState> create, Func<TState, TIn, CancellationToken, ValueTask<TOut>> body, int workers = 1) =>
        Map(NameOf(body, nameof(Map)), create, body, workers, takesToken: true);

    private static Stage<TIn, TOut> Map<TState, TIn, TOut>(string name, Func<TState> create, Func<TState, TIn, CancellationToken, ValueTask<TOut>> body, int workers, bool takesToken) =>
        Make(
            name,
            workers,
            new BodyFactory<TIn, TOut>(() =>
            {
                TState state = create();
                return new MapAsyncBody<TIn, TOut>((item, token) => body(state, item, token)) { State = state };
            })
            { TakesToken = takesToken });

    private static Stage<TIn, TOut> Make<TIn, TOut>(string name, int workers, BodyFactory<TIn, TOut> factory) =>
        new BodyStage<TIn, TOut>(name, StageOptions.Of(workers), factory);

    // A body that the author has named lends its name to the stage.
    private static string NameOf(Delegate body, string otherwise)
    {
        ArgumentNullException.ThrowIfNull(body);
        return MethodName.Of(body) ?? otherwise;
    }
}

/// <summary>A map's body when it is synchronous.</summary>
internal sealed class MapBody<TIn, TOut>(Func<TIn, TOut> body) : StatefulBody<TIn, TOut>
{
    public override bool HasLoop => true;

    public override void Loop(Claim<TIn> claim, Writer<TOut> writer)
    {
        Func<TIn, TOut> call = body;
        TIn[] items = claim.Batch!.Items;
        TOut[] results = writer.Items;
        ref int published = ref writer.Count;
        int count = published;
        while (claim.TryNext(out int index))
        {
            results[count] = call(items[index]);
            Volatile.Write(ref published, ++count);
        }
    }

    public override async ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken) =>
        await output.AddAsync(body(item)).ConfigureAwait(false);
}

/// <summary>A map's body when it is synchronous and takes a token.</summary>
internal sealed class MapTokenBody<TIn, TOut>(Func<TIn, CancellationToken, TOut> body) : ItemBody<TIn, TOut>
{
    public override async ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken) =>
        await output.AddAsync(body(item, cancellationToken)).ConfigureAwait(false);
}

/// <summary>A map's body when it is asynchronous.</summary>
internal sealed class MapAsyncBody<TIn, TOut>(Func<TIn, CancellationToken, ValueTask<TOut>> body) : StatefulBody<TIn, TOut>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken) =>
        await output.AddAsync(await body(item, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
}

/// <summary>A body with a state of the author's, disposed with it.</summary>
internal abstract class StatefulBody<TIn, TOut> : ItemBody<TIn, TOut>
{
    public object? State { get; init; }

    public override bool NeedsDisposal => State is IDisposable or IAsyncDisposable;

    public override ValueTask DisposeAsync()
    {
        switch (State)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }

        return base.DisposeAsync();
    }
}
