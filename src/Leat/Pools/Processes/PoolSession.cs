using Leat.Code;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>A function that a pool of processes is to call on items, for as long as it takes: one stage of one run.</summary>
internal abstract class PoolSession
{
    /// <summary>More than one is open on a worker where the first ones are blocked.</summary>
    public const ulong MostInstances = 4096;

    /// <summary>The number of no piece.</summary>
    public const ulong Rehearsal = 0;

    private static ulong last;

    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] function;

    protected PoolSession(ProcessPool pool, SessionOptions options, Delegate create)
    {
        Pool = pool;
        Options = options;
        Share = options.Share ?? new Share<Piece>();
        var writer = new EncodingWriter();
        PortableFunction.Write(writer, create, options.Shared);
        function = writer.Written.ToArray();
    }

    public ulong Id { get; } = Interlocked.Increment(ref last);

    public ProcessPool Pool { get; }

    public SessionOptions Options { get; }

    /// <summary>The number by which a worker knows an instance of it.</summary>
    public ulong IdOf(int instance) => (Id * MostInstances) + (ulong)instance;

    /// <summary>What opens an instance of it on a worker.</summary>
    /// <param name="instance">Which.</param>
    /// <param name="isElsewhere">True for a worker on another machine.</param>
    public ReadOnlySpan<byte> OpenMessage(int instance, bool isElsewhere)
    {
        var writer = new EncodingWriter();
        writer.WriteVarint(IdOf(instance));
        writer.Write((byte)((Options.TellsStarts ? OpenModes.TellsStarts : OpenModes.None) | (Options.IsConcurrent ? OpenModes.Concurrent : OpenModes.None) | (Options.AwaitsGo && isElsewhere ? OpenModes.AwaitsGo : OpenModes.None)));
        writer.WriteBytes(function);
        return writer.Written;
    }

    /// <summary>What of it waits for a worker, and how much time it has had.</summary>
    public Share<Piece> Share { get; }

    /// <summary>Where it is open, and as the how manyth of the function's instances there. Guarded by the pool.</summary>
    public HashSet<(WorkerLink Link, int Instance)> OpenOn { get; } = [];

    /// <summary>The nanoseconds that an item takes, as far as is known; 0 at first.</summary>
    public double MeanTime { get; private set; }

    /// <summary>What the author's code threw when it was disposed.</summary>
    public Exception? CloseError { get; set; }

    /// <summary>Set when the one worker that had its state was lost.</summary>
    public Exception? StateLost { get; set; }

    /// <summary>True when no more items come.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Completes when it is closed on all workers.</summary>
    public Task Closed => closed.Task;

    public void SetClosed() => closed.TrySetResult();

    public void NoteTime(double nanoseconds, int items)
    {
        const double weight = 0.25;
        double mean = nanoseconds / Math.Max(1, items);
        MeanTime = MeanTime == 0 ? mean : MeanTime + weight * (mean - MeanTime);
    }
}

/// <summary>A session whose items and results have these types.</summary>
internal sealed class PoolSession<TIn, TOut>(ProcessPool pool, SessionOptions options, Func<PoolTask<TIn, TOut>> create)
    : PoolSession(pool, options, create)
{
    public Codec<TIn> Items { get; } = Codecs.For<TIn>();

    public Codec<TOut> Results { get; } = Codecs.For<TOut>();

    public bool IsOrdered => Options.IsOrdered;

    public bool IsWhole => Options.IsWhole;

    /// <summary>What has a worker work on an item for nobody: what comes of it is taken for that of a piece that was given up.</summary>
    public byte[] RehearsalMessage(TIn item)
    {
        var writer = new EncodingWriter();
        writer.WriteVarint(IdOf(0));
        writer.WriteVarint(Rehearsal);
        writer.Write((byte)RunModes.None);
        writer.Write(1);
        int place = writer.OpenLength();
        writer.WriteAlone(Items, item);
        writer.CloseLength(place);
        return writer.Written.ToArray();
    }

    /// <summary>Gives items to the pool.</summary>
    /// <param name="items">Which; they must stay as they are until all have ended, or the submission was cancelled.</param>
    /// <param name="ranges">Those of them that are to be worked on.</param>
    /// <param name="isLast">True when the input ends behind them.</param>
    /// <param name="progress">Called, from any thread, when there is something new.</param>
    public Submission<TIn, TOut> Submit(ReadOnlyMemory<TIn> items, IEnumerable<(int From, int To)> ranges, bool isLast, Action progress)
    {
        var submission = new Submission<TIn, TOut>(this, items, progress);
        Pool.Add(ranges.Select(range => new Piece(submission, range.From, range.To) { IsLast = isLast }));
        return submission;
    }
}
