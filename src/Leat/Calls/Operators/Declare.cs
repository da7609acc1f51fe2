using Leat.Calls;

namespace Leat;

// What is declared by calling a function that takes several inputs.
public static partial class Call
{
    private static Func<Deferred<T1>, Deferred<T2>, Deferred<TOut>> Declare<T1, T2, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2) => new FunctionDeferred<TOut>(function, shape, [x1, x2]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<TOut>> Declare<T1, T2, T3, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<TOut>> Declare<T1, T2, T3, T4, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3, x4) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3, x4]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<TOut>> Declare<T1, T2, T3, T4, T5, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3, x4, x5) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3, x4, x5]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<TOut>> Declare<T1, T2, T3, T4, T5, T6, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3, x4, x5, x6) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3, x4, x5, x6]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<TOut>> Declare<T1, T2, T3, T4, T5, T6, T7, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3, x4, x5, x6, x7) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3, x4, x5, x6, x7]);

    private static Func<Deferred<T1>, Deferred<T2>, Deferred<T3>, Deferred<T4>, Deferred<T5>, Deferred<T6>, Deferred<T7>, Deferred<T8>, Deferred<TOut>> Declare<T1, T2, T3, T4, T5, T6, T7, T8, TOut>(CallShape shape, CallFunction<TOut> function) =>
        (x1, x2, x3, x4, x5, x6, x7, x8) => new FunctionDeferred<TOut>(function, shape, [x1, x2, x3, x4, x5, x6, x7, x8]);
}
