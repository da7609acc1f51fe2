namespace Leat.Storage;

/// <summary>A function of no arguments with a cache before it, in all the forms that one has.</summary>
/// <param name="cache">Where results are kept.</param>
/// <param name="function">The function.</param>
/// <param name="name">What people call it.</param>
/// <param name="run">Calls it.</param>
internal sealed class Wrapped<TOut>(Cache cache, Delegate function, string name, Func<CancellationToken, ValueTask<TOut>> run) : IWrapped
{
    public Delegate Function => function;

    public string Name => name;

    public TOut Call() => Blocking.ResultOf(CallCoreAsync(CancellationToken.None));

    public TOut CallCancellable(CancellationToken cancellationToken) => Blocking.ResultOf(CallCoreAsync(cancellationToken));

    public Task<TOut> CallTaskAsync() => CallCoreAsync(CancellationToken.None).AsTask();

    public Task<TOut> CallCancellableTaskAsync(CancellationToken cancellationToken) => CallCoreAsync(cancellationToken).AsTask();

    public ValueTask<TOut> CallAsync() => CallCoreAsync(CancellationToken.None);

    public ValueTask<TOut> CallCancellableAsync(CancellationToken cancellationToken) => CallCoreAsync(cancellationToken);

    private async ValueTask<TOut> CallCoreAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await new CachedFunction<TOut>(cache, function, name).CallAsync(
            [],
            () => run(cancellationToken),
            static _ => "",
            cancellationToken).ConfigureAwait(false);
    }
}
