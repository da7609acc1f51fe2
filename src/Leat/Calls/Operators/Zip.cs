using System.Runtime.CompilerServices;
using Leat.Calls;

namespace Leat;

public static partial class Call
{
    /// <summary>
    /// A function that is called with the first values of its inputs, with the second ones, and so on. The inputs must be equally
    /// long: what has no partner is a failure.
    /// </summary>
    /// <param name="body">The function, of two to eight arguments; it may be asynchronous, and take a token as the last one.</param>
    /// <param name="options">How calls are made; a cache, for one.</param>
    /// <param name="expression">Left to the compiler: the function as it was written, its name in errors.</param>
    /// <returns>What declares the calls: nothing runs before the result is asked for.</returns>
    /// <exception cref="LeatException">It shall run in other processes, or be cached, and can't be.</exception>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, TOut> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, Task<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Zip<T1, T2, TOut>(Func<T1, T2, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Zip<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Zip<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));

    /// <inheritdoc cref="Zip{T1,T2,TOut}(Func{T1,T2,TOut},CallOptions?,string?)"/>
    [OverloadResolutionPriority(1)]
    public static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Zip<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, ValueTask<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape.Pairs, new CallFunction<TOut>(CallBody.Of(body), options, expression));
}
