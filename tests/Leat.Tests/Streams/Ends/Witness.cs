using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Ends;

/// <summary>
/// Watches the author's side of a run: iterators opened and disposed, states made and disposed, bodies at work.
/// </summary>
internal sealed class Witness
{
    public const int Never = int.MinValue;

    private int iterators;
    private int iteratorsDisposed;
    private int states;
    private int statesDisposed;
    private int statesDisposedAgain;
    private int inside;
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    /// <summary>Bodies at work.</summary>
    public int Inside => Volatile.Read(ref inside);

    public IEnumerable<int> Items(int count = int.MaxValue, int failsAt = Never)
    {
        Interlocked.Increment(ref iterators);
        try
        {
            for (int i = 0; i < count; i++) yield return i == failsAt ? throw new TestFailureException("source") : i;
        }
        finally
        {
            Interlocked.Increment(ref iteratorsDisposed);
        }
    }

    public async IAsyncEnumerable<int> ItemsAsync(int count = int.MaxValue, int failsAt = Never, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref iterators);
        try
        {
            for (int i = 0; i < count; i++)
            {
                if (i % 17 == 0) await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return i == failsAt ? throw new TestFailureException("source") : i;
            }
        }
        finally
        {
            Interlocked.Increment(ref iteratorsDisposed);
        }
    }

    /// <summary>Any body of a stage, seen from here: counted while it is at work.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref inside);
        Interlocked.Increment(ref calls);
        return new Visit(this);
    }

    /// <summary>A worker's state.</summary>
    public IDisposable NewState()
    {
        Interlocked.Increment(ref states);
        return new State(this);
    }

    /// <summary>Waits until nothing is at work; everything that was opened must have been disposed, once.</summary>
    public async Task AtRestAsync()
    {
        await Eventually.TrueAsync(() => Inside == 0, () => $"{Inside} bodies are still at work.");
        await Eventually.TrueAsync(() => iterators == iteratorsDisposed, () => $"{iteratorsDisposed} of {iterators} iterators were disposed.");
        await Eventually.TrueAsync(() => states == statesDisposed, () => $"{statesDisposed} of {states} states were disposed.");
        Assert.Equal(0, statesDisposedAgain);
    }

    private sealed class Visit(Witness witness) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref witness.inside);
    }

    private sealed class State(Witness witness) : IDisposable
    {
        private int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0) Interlocked.Increment(ref witness.statesDisposed);
            else Interlocked.Increment(ref witness.statesDisposedAgain);
        }
    }
}
