using System.Runtime.CompilerServices;
using Leat.Calls;

namespace Leat;

public static partial class Call
{
    /// <summary>A function that is called once, with all values of its input in order.</summary>
    /// <param name="body">The function; it may be asynchronous, and take a token as its second argument.</param>
    /// <param name="options">How the call is made; a cache, for one.</param>
    /// <param name="expression">Left to the compiler: the function as it was written, its name in errors.</param>
    /// <returns>What declares the call: nothing runs before the result is asked for.</returns>
    /// <exception cref="LeatException">It shall run in other processes, or be cached, and can't be.</exception>
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Reduce{T,TOut}(Func{T[],TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Reduce{T,TOut}(Func{T[],TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Reduce{T,TOut}(Func{T[],TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Reduce{T,TOut}(Func{T[],TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Reduce{T,TOut}(Func{T[],TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(Func<T[], CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Reduce<T, TOut>(new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <summary>All values of an input as one value, an array in their order.</summary>
    public static Deferred<T[]> Gather<T>(Deferred<T> input) => new GatherDeferred<T>(input);

    private static Func<Deferred<T>, Deferred<TOut>> Reduce<T, TOut>(CallFunction<TOut> function) =>
        input => new FunctionDeferred<TOut>(function, CallShape.Each, [Gather(input)]);
}
