using System.Runtime.CompilerServices;
using Leat.Calls;

namespace Leat;

public static partial class Call
{
    /// <summary>
    /// A function that gives any number of results for each value of its input; the results of all follow each other in the order of
    /// the values.
    /// </summary>
    /// <param name="body">The function; it may be asynchronous, and take a token as its second argument.</param>
    /// <param name="options">How calls are made; a cache, for one, which keeps all results of a call as one list.</param>
    /// <param name="expression">Left to the compiler: the function as it was written, its name in errors.</param>
    /// <returns>What declares the calls: nothing runs before the result is asked for.</returns>
    /// <exception cref="LeatException">It shall run in other processes, or be cached, and can't be.</exception>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, IEnumerable<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, (a, _) => new ValueTask<TOut[]>([.. body(a.Get<T>(0)) ?? throw CallErrors.NoSequence("the function")]), TakesToken: false), options, expression);

    /// <inheritdoc cref="Flatten{T,TOut}(Func{T,IEnumerable{TOut}},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, CancellationToken, IEnumerable<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, (a, token) => new ValueTask<TOut[]>([.. body(a.Get<T>(0), token) ?? throw CallErrors.NoSequence("the function")]), TakesToken: true), options, expression);

    /// <inheritdoc cref="Flatten{T,TOut}(Func{T,IEnumerable{TOut}},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, Task<IEnumerable<TOut>>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, async (a, _) => [.. await body(a.Get<T>(0)).ConfigureAwait(false) ?? throw CallErrors.NoSequence("the function")], TakesToken: false), options, expression);

    /// <inheritdoc cref="Flatten{T,TOut}(Func{T,IEnumerable{TOut}},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, Task<TOut[]>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, async (a, _) => await body(a.Get<T>(0)).ConfigureAwait(false) ?? throw CallErrors.NoSequence("the function"), TakesToken: false), options, expression);

    /// <inheritdoc cref="Flatten{T,TOut}(Func{T,IEnumerable{TOut}},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, IAsyncEnumerable<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, (a, token) => (body(a.Get<T>(0)) ?? throw CallErrors.NoSequence("the function")).ToArrayAsync(token), TakesToken: false), options, expression);

    /// <inheritdoc cref="Flatten{T,TOut}(Func{T,IEnumerable{TOut}},CallOptions?,string?)"/>
    public static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(Func<T, CancellationToken, IAsyncEnumerable<TOut>> body, CallOptions? options = null, [CallerArgumentExpression(nameof(body))] string? expression = null) =>
        Flatten<T, TOut>(new CallBody<TOut[]>(body, (a, token) => (body(a.Get<T>(0), token) ?? throw CallErrors.NoSequence("the function")).ToArrayAsync(token), TakesToken: true), options, expression);

    private static Func<Deferred<T>, Deferred<TOut>> Flatten<T, TOut>(CallBody<TOut[]> body, CallOptions? options, string? expression)
    {
        var function = new CallFunction<TOut[]>(body, options, expression);
        return input => new ExpandDeferred<TOut>(new FunctionDeferred<TOut[]>(function, CallShape.Each, [input]));
    }
}
