namespace Leat.Storage;

/// <summary>A function of one argument with a cache before it, in all the forms that one has.</summary>
/// <param name="cache">Where results are kept.</param>
/// <param name="function">The function.</param>
/// <param name="name">What people call it.</param>
/// <param name="run">Calls it.</param>
internal sealed class Wrapped<T, TOut>(Cache cache, Delegate function, string name, Func<T, CancellationToken, ValueTask<TOut>> run) : IWrapped
{
    public Delegate Function => function;

    public string Name => name;

    public TOut Call(T argument) => Blocking.ResultOf(CallCoreAsync(argument, CancellationToken.None));

    public TOut CallCancellable(T argument, CancellationToken cancellationToken) => Blocking.ResultOf(CallCoreAsync(argument, cancellationToken));

    public Task<TOut> CallTaskAsync(T argument) => CallCoreAsync(argument, CancellationToken.None).AsTask();

    public Task<TOut> CallCancellableTaskAsync(T argument, CancellationToken cancellationToken) => CallCoreAsync(argument, cancellationToken).AsTask();

    public ValueTask<TOut> CallAsync(T argument) => CallCoreAsync(argument, CancellationToken.None);

    public ValueTask<TOut> CallCancellableAsync(T argument, CancellationToken cancellationToken) => CallCoreAsync(argument, cancellationToken);

    private async ValueTask<TOut> CallCoreAsync(T argument, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await new CachedFunction<TOut>(cache, function, name).CallAsync(
            [EncodedValue.Of(argument, cache.Files)],
            () => run(argument, cancellationToken),
            _ => ArgumentText.Of(typeof(T), argument),
            cancellationToken).ConfigureAwait(false);
    }
}
