namespace Leat.Storage;

/// <summary>A function of three arguments with a cache before it, in all the forms that one has.</summary>
/// <param name="cache">Where results are kept.</param>
/// <param name="function">The function.</param>
/// <param name="name">What people call it.</param>
/// <param name="run">Calls it.</param>
internal sealed class Wrapped<T1, T2, T3, TOut>(Cache cache, Delegate function, string name, Func<T1, T2, T3, CancellationToken, ValueTask<TOut>> run) : IWrapped
{
    public Delegate Function => function;

    public string Name => name;

    public TOut Call(T1 first, T2 second, T3 third) => Blocking.ResultOf(CallCoreAsync(first, second, third, CancellationToken.None));

    public TOut CallCancellable(T1 first, T2 second, T3 third, CancellationToken cancellationToken) => Blocking.ResultOf(CallCoreAsync(first, second, third, cancellationToken));

    public Task<TOut> CallTaskAsync(T1 first, T2 second, T3 third) => CallCoreAsync(first, second, third, CancellationToken.None).AsTask();

    public Task<TOut> CallCancellableTaskAsync(T1 first, T2 second, T3 third, CancellationToken cancellationToken) => CallCoreAsync(first, second, third, cancellationToken).AsTask();

    public ValueTask<TOut> CallAsync(T1 first, T2 second, T3 third) => CallCoreAsync(first, second, third, CancellationToken.None);

    public ValueTask<TOut> CallCancellableAsync(T1 first, T2 second, T3 third, CancellationToken cancellationToken) => CallCoreAsync(first, second, third, cancellationToken);

    private async ValueTask<TOut> CallCoreAsync(T1 first, T2 second, T3 third, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await new CachedFunction<TOut>(cache, function, name).CallAsync(
            [EncodedValue.Of(first, cache.Files), EncodedValue.Of(second, cache.Files), EncodedValue.Of(third, cache.Files)],
            () => run(first, second, third, cancellationToken),
            index => index switch
            {
                0 => ArgumentText.Of(typeof(T1), first),
                1 => ArgumentText.Of(typeof(T2), second),
                _ => ArgumentText.Of(typeof(T3), third),
            },
            cancellationToken).ConfigureAwait(false);
    }
}
