namespace Leat.Storage;

/// <summary>A function of four arguments with a cache before it, in all the forms that one has.</summary>
/// <param name="cache">Where results are kept.</param>
/// <param name="function">The function.</param>
/// <param name="name">What people call it.</param>
/// <param name="run">Calls it.</param>
internal sealed class Wrapped<T1, T2, T3, T4, TOut>(Cache cache, Delegate function, string name, Func<T1, T2, T3, T4, CancellationToken, ValueTask<TOut>> run) : IWrapped
{
    public Delegate Function => function;

    public string Name => name;

    public TOut Call(T1 first, T2 second, T3 third, T4 fourth) => Blocking.ResultOf(CallCoreAsync(first, second, third, fourth, CancellationToken.None));

    public TOut CallCancellable(T1 first, T2 second, T3 third, T4 fourth, CancellationToken cancellationToken) => Blocking.ResultOf(CallCoreAsync(first, second, third, fourth, cancellationToken));

    public Task<TOut> CallTaskAsync(T1 first, T2 second, T3 third, T4 fourth) => CallCoreAsync(first, second, third, fourth, CancellationToken.None).AsTask();

    public Task<TOut> CallCancellableTaskAsync(T1 first, T2 second, T3 third, T4 fourth, CancellationToken cancellationToken) => CallCoreAsync(first, second, third, fourth, cancellationToken).AsTask();

    public ValueTask<TOut> CallAsync(T1 first, T2 second, T3 third, T4 fourth) => CallCoreAsync(first, second, third, fourth, CancellationToken.None);

    public ValueTask<TOut> CallCancellableAsync(T1 first, T2 second, T3 third, T4 fourth, CancellationToken cancellationToken) => CallCoreAsync(first, second, third, fourth, cancellationToken);

    private async ValueTask<TOut> CallCoreAsync(T1 first, T2 second, T3 third, T4 fourth, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await new CachedFunction<TOut>(cache, function, name).CallAsync(
            [EncodedValue.Of(first, cache.Files), EncodedValue.Of(second, cache.Files), EncodedValue.Of(third, cache.Files), EncodedValue.Of(fourth, cache.Files)],
            () => run(first, second, third, fourth, cancellationToken),
            index => index switch
            {
                0 => ArgumentText.Of(typeof(T1), first),
                1 => ArgumentText.Of(typeof(T2), second),
                2 => ArgumentText.Of(typeof(T3), third),
                _ => ArgumentText.Of(typeof(T4), fourth),
            },
            cancellationToken).ConfigureAwait(false);
    }
}
