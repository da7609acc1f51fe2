using Leat.Encoding;
using Leat.Pools;

namespace Leat;

/// <summary>
/// Workers for any number of stages and runs, which are served in turn: who has had the least of the workers' time comes next.
/// Workers start when they are first needed, are used again, and end when the pool is disposed or the program ends.
/// </summary>
[StaysHere("a pool belongs to the program that made it, and so do its workers; make one inside the lambda, or leave it out")]
public abstract class Pool : IAsyncDisposable
{
    private protected Pool(int workers) => Size = Check(workers);

    /// <summary>How many items are worked on at the same time.</summary>
    public int Size { get; private set; }

    /// <summary>Workers that are threads of this program: nothing is copied, and a body can do what the program can.</summary>
    /// <param name="workers">How many items are worked on at the same time, over all stages that use the pool.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public static Pool Threads(int workers) => new ThreadsPool(workers);

    /// <summary>
    /// Workers that are processes of this machine, started from this program without a hook in its <c>Main</c>. Functions and
    /// items are copied to them and results back; whatever a body does to its process, the program goes on.
    /// </summary>
    /// <param name="workers">How many processes there are at most; each works on one item at a time.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    /// <exception cref="LeatException">This program can't be started as a worker, because of the way in which it was published.</exception>
    public static Pool Processes(int workers, ProcessPoolOptions? options = null)
    {
        ProgramCommand.RefuseWhereImpossible();
        return new ProcessPool(workers, new SocketLauncher(), options ?? new ProcessPoolOptions());
    }

    /// <summary>
    /// Changes how many items are worked on at the same time. More workers start as they are needed; what is at work is
    /// finished before fewer remain.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is less than 1 worker.</exception>
    public void Resize(int workers)
    {
        Size = Check(workers);
        OnResized();
    }

    /// <summary>The pool at this moment.</summary>
    public abstract PoolStats Stats();

    /// <summary>
    /// Ends the workers. Runs that still use them fail: those on processes at once, those on threads with the next item.
    /// </summary>
    public abstract ValueTask DisposeAsync();

    private protected abstract void OnResized();

    private static int Check(int workers) => workers >= 1 ? workers : throw PoolErrors.NoWorkers(workers);
}

/// <summary>A pool at one moment.</summary>
/// <param name="Size">How many items may be worked on at the same time.</param>
/// <param name="Workers">Workers that have started: of a pool of threads, those at work.</param>
/// <param name="Busy">Workers that are at work.</param>
/// <param name="Waiting">Handfuls of items that wait for a worker.</param>
/// <param name="Items">Items that were done since the pool was made; of a pool of threads, handfuls of them.</param>
/// <param name="Lost">Workers that ended before they were to: killed, crashed, or ended by the author's code.</param>
public sealed record PoolStats(int Size, int Workers, int Busy, int Waiting, long Items, int Lost);
