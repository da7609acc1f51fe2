namespace Leat.Calls;

/// <summary>A function of the author's, called with arguments of whatever number and types.</summary>
/// <param name="Function">The function itself.</param>
/// <param name="Invoke">Calls it.</param>
/// <param name="TakesToken">True when it takes a token, so that there is a point in waiting for it to react.</param>
internal sealed record CallBody<TOut>(Delegate Function, Func<IArguments, CancellationToken, ValueTask<TOut>> Invoke, bool TakesToken);

/// <summary>The arguments of one call.</summary>
internal interface IArguments
{
    /// <summary>The argument at a place.</summary>
    T Get<T>(int index);
}

/// <summary>Makes bodies of functions of one to eight arguments, synchronous and asynchronous, with a token and without.</summary>
internal static class CallBody
{
    public static CallBody<TOut> Of<T, TOut>(Func<T, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T>(0))), false);

    public static CallBody<TOut> Of<T, TOut>(Func<T, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T>(0), t)), true);

    public static CallBody<TOut> Of<T, TOut>(Func<T, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T>(0))), false);

    public static CallBody<TOut> Of<T, TOut>(Func<T, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T>(0), t)), true);

    public static CallBody<TOut> Of<T, TOut>(Func<T, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T>(0)), false);

    public static CallBody<TOut> Of<T, TOut>(Func<T, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T>(0), t), true);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1))), false);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), t)), true);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1))), false);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2))), false);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2))), false);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, TOut> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, TOut> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7), t)), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TOut>> body) => new(body, (a, _) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7))), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, Task<TOut>> body) => new(body, (a, t) => new ValueTask<TOut>(body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7), t)), true);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1)), false);

    public static CallBody<TOut> Of<T1, T2, TOut>(Func<T1, T2, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2)), false);

    public static CallBody<TOut> Of<T1, T2, T3, TOut>(Func<T1, T2, T3, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3)), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4)), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, TOut>(Func<T1, T2, T3, T4, T5, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5)), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, TOut>(Func<T1, T2, T3, T4, T5, T6, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6)), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), t), true);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, ValueTask<TOut>> body) => new(body, (a, _) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7)), false);

    public static CallBody<TOut> Of<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, ValueTask<TOut>> body) => new(body, (a, t) => body(a.Get<T1>(0), a.Get<T2>(1), a.Get<T3>(2), a.Get<T4>(3), a.Get<T5>(4), a.Get<T6>(5), a.Get<T7>(6), a.Get<T8>(7), t), true);
}
