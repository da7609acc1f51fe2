using System.Runtime.CompilerServices;
using Leat.Streams;

namespace Leat;

/// <summary>
/// A pipeline with an open end. It is an <see cref="IAsyncEnumerable{T}"/>: each enumeration is a run of its own,
/// which ends with the enumeration, however that ends, and leaves nothing running. Used twice in one run, a pipe is
/// evaluated once and every user gets all of its items.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
public abstract class Pipe<T> : Pipe, IAsyncEnumerable<T>
{
    private protected Pipe(string name)
        : base(name)
    {
    }

    /// <summary>How many items the output holds; null lets the engine choose.</summary>
    internal virtual int? Capacity => null;

    /// <summary>Ends the pipe in a sink.</summary>
    public static Pipe operator |(Pipe<T> pipe, Sink<T> sink) => pipe.To(sink);

    /// <summary>Runs the items through a stage; the twin of the operator <c>|</c>.</summary>
    public Pipe<TOut> Then<TOut>(Stage<T, TOut> stage) => stage.Attach(this);

    /// <summary>Ends the pipe in a sink; the twin of the operator <c>|</c>.</summary>
    public Pipe To(Sink<T> sink) => new SinkPipe<T>(this, sink);

    /// <summary>Starts a run; its results are those of the enumeration.</summary>
    /// <param name="cancellationToken">Ends the run at once.</param>
    public PipeEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    IAsyncEnumerator<T> IAsyncEnumerable<T>.GetAsyncEnumerator(CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    /// <summary>The same items, from runs that tell of skipped and retried items, abandoned bodies and so on.</summary>
    /// <param name="events">Told as it happens, from the workers, several at a time: it must be quick. What it throws is ignored.</param>
    public IAsyncEnumerable<T> Watch(Action<RunEvent> events) => new WatchedPipe<T>(this, new FlowOptions { Events = events });

    /// <summary>Runs the pipe to its end and gives the last item, or the type's default if there was none.</summary>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <exception cref="PipelineException">The run failed.</exception>
    /// <remarks><see cref="TryExecuteAsync"/> tells an empty stream from one whose last item is the default.</remarks>
    public async ValueTask<T?> ExecuteAsync(CancellationToken cancellationToken = default) =>
        (await TryExecuteAsync(cancellationToken).ConfigureAwait(false)).Result;

    /// <summary>Runs the pipe to its end and gives the last item, and whether there was one at all.</summary>
    /// <param name="cancellationToken">Ends the run at once.</param>
    /// <exception cref="PipelineException">The run failed.</exception>
    public async ValueTask<(bool HasResult, T? Result)> TryExecuteAsync(CancellationToken cancellationToken = default)
    {
        var items = new PipeEnumerator<T>(this, cancellationToken);
        await using ConfiguredAsyncDisposable disposal = items.ConfigureAwait(false);
        (bool HasResult, T? Result) last = (false, default);
        while (await items.MoveNextAsync().ConfigureAwait(false))
        {
            last = (true, items.SkipToLastAtHand());
        }

        return last;
    }

    /// <summary>The results for callers that can't be asynchronous: each enumeration is a run, and waiting blocks the thread.</summary>
    public IEnumerable<T> Results()
    {
        PipeEnumerator<T> items = GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (items.MoveNext())
            {
                yield return items.Current;
            }
        }
        finally
        {
            items.Dispose();
        }
    }

    /// <summary>
    /// The results together with the failures that stages carry (<see cref="OnError.Carry"/>), each in its item's
    /// place. A failure that stops the run is thrown at the end, as ever.
    /// </summary>
    /// <param name="cancellationToken">Ends the run at once.</param>
    public async IAsyncEnumerable<Outcome<T>> Outcomes([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var items = new PipeEnumerator<T>(this, cancellationToken) { TakesOutcomes = true };
        await using ConfiguredAsyncDisposable disposal = items.ConfigureAwait(false);
        while (await items.MoveNextAsync().ConfigureAwait(false))
        {
            yield return items.Failure is { } failure ? new Outcome<T>(failure) : new Outcome<T>(items.Current);
        }
    }

    internal sealed override Pipe Closed() => To(Sink.None<T>());

    internal sealed override void Build(RunBuilder builder)
    {
        var output = new Link<T>(builder.Run.PoolOf<T>(), Capacity, Hands);
        Node node = CreateNode(builder, output);
        output.OnClosed = node.CancelWork;
        builder.Add(this, node, output);
    }

    /// <summary>The node that writes this pipe's items.</summary>
    internal abstract Node CreateNode(RunBuilder builder, Link<T> output);
}
