using System.Collections.Concurrent;

namespace Leat.Tests.Streams;

/// <summary>A running flow whose items a test looks at while they come.</summary>
internal sealed class Watched<T> : IAsyncDisposable
{
    private readonly ConcurrentQueue<T> items = [];

    public Watched(Pipe<T> pipe) => Flow = Flow.Start([pipe | Sink.ForEach<T>(items.Enqueue)], null, TestContext.Current.CancellationToken);

    public Flow Flow { get; }

    public T[] Items => [.. items];

    /// <summary>Waits until exactly these items have come.</summary>
    public Task AreAsync(params T[] expected) => Eventually.TrueAsync(
        () => items.Count == expected.Length && items.SequenceEqual(expected),
        () => $"expected [{string.Join(", ", expected)}], but have [{string.Join(", ", items)}]; the flow is {Flow.State}",
        seconds: 30);

    public ValueTask DisposeAsync() => Flow.DisposeAsync();
}
