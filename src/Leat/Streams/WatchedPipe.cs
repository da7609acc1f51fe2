namespace Leat.Streams;

/// <summary>A pipe whose runs tell somebody what happens in them.</summary>
internal sealed class WatchedPipe<T>(Pipe<T> pipe, FlowOptions options) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new PipeEnumerator<T>(pipe, cancellationToken, options);
}
