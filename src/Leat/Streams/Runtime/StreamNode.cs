using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Leat.Streams;

/// <summary>A whole-stream stage at work: each worker runs the author's function over its share of the input.</summary>
internal abstract class StreamNode<TIn, TOut>(Run run, string name, StageOptions options, Link<TIn> input, Link<TOut> output) : Node(run, name)
{
    public override int Queued => output.Queued;

    public override bool NeedsBeat => base.NeedsBeat || Array.Exists(Workers, w => !w.HasEnded && w.Busy);

    protected override bool IsWhole => base.IsWhole && !IsCut && input.End != LinkEnd.Failed;

    protected override void LaunchAll()
    {
        for (int i = 0; i < options.Workers; i++)
        {
            var worker = new StreamWorker<TIn, TOut>(Run, input, output, options.Workers > 1);
            Launch(worker, () => WorkAsync(worker));
        }
    }

    public override void OnBeat(long beat)
    {
        base.OnBeat(beat);
        foreach (Worker each in Workers)
        {
            var worker = (StreamWorker<TIn, TOut>)each;
            worker.RescueReader(beat);
            if (worker.HasEnded || !worker.Busy)
            {
                continue;
            }

            worker.Writer.FlushStuck();
            if (worker.IsStuck())
            {
                worker.Lane.RequestThread();
            }
        }
    }

    /// <summary>Runs the author's function to its end.</summary>
    protected abstract Task RunBodyAsync(StreamWorker<TIn, TOut> worker);

    protected override void EndOutput(LinkEnd end) => output.Complete(end);

    protected override void CloseInputs() => input.Close();

    /// <summary>Hands a result on; false when no more are wanted.</summary>
    protected ValueTask<bool> EmitAsync(StreamWorker<TIn, TOut> worker, TOut item)
    {
        if (worker.Writer.Left > 0)
        {
            worker.Writer.Add(item);
            return new ValueTask<bool>(true);
        }

        return EmitSlowAsync(worker, item);
    }

    private async ValueTask<bool> EmitSlowAsync(StreamWorker<TIn, TOut> worker, TOut item)
    {
        if (IsCut || !await worker.Writer.MakeRoomAsync(worker.Lane).ConfigureAwait(false))
        {
            return false;
        }

        worker.Writer.Add(item);
        return true;
    }

    private async Task WorkAsync(StreamWorker<TIn, TOut> worker)
    {
        worker.Busy = true;
        try
        {
            await RunBodyAsync(worker).ConfigureAwait(false);
        }
        catch (UpstreamFailedException)
        {
            // The input was cut short, and its failure is on record: no whole result can come of it.
        }
        finally
        {
            worker.Busy = false;
            if (!worker.HasEnded)
            {
                worker.Writer.Flush();
            }

            worker.CloseReader();
            worker.In = worker.Reader.Read;
        }
    }
}

/// <summary>The stage over an asynchronous function.</summary>
internal sealed class AsyncStreamNode<TIn, TOut>(
    Run run,
    string name,
    StreamStage<TIn, TOut> stage,
    Link<TIn> input,
    Link<TOut> output) : StreamNode<TIn, TOut>(run, name, stage.Options, input, output)
{
    protected override async Task RunBodyAsync(StreamWorker<TIn, TOut> worker)
    {
        IAsyncEnumerator<TOut> results = stage.Body(ReadAsync(worker), Token).GetAsyncEnumerator(Token);
        await using ConfiguredAsyncDisposable disposal = results.ConfigureAwait(false);
        while (true)
        {
            ValueTask<bool> next = results.MoveNextAsync();
            if (!next.IsCompleted)
            {
                worker.Writer.Flush();
            }

            bool more = await next.ConfigureAwait(false);
            await worker.PassOnCarriedAsync().ConfigureAwait(false);
            if (!more || !await EmitAsync(worker, results.Current).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private static async IAsyncEnumerable<TIn> ReadAsync(
        StreamWorker<TIn, TOut> worker,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LinkReader<TIn> reader = worker.Reader;
        CancellationTokenRegistration waking = cancellationToken.UnsafeRegister(
            static state => ((StreamWorker<TIn, TOut>)state!).WakeReader(),
            worker);
        await using ConfiguredAsyncDisposable disposal = waking.ConfigureAwait(false);
        while (true)
        {
            if (!reader.TryMoveNext())
            {
                worker.Busy = false;
                bool more = await reader.MoveNextAsync(cancellationToken).ConfigureAwait(false);
                if (!more)
                {
                    UpstreamFailedException.ThrowUnlessWhole(reader.End);
                    worker.Busy = true;
                    yield break;
                }

                worker.Busy = true;
            }

            if (reader.Failure is { } carried)
            {
                worker.HoldCarried(carried);
            }
            else
            {
                yield return reader.Current;
            }
        }
    }
}

/// <summary>The stage over a synchronous function: its worker has a thread of its own, which waits by blocking.</summary>
internal sealed class BlockingStreamNode<TIn, TOut>(
    Run run,
    string name,
    BlockingStreamStage<TIn, TOut> stage,
    Link<TIn> input,
    Link<TOut> output) : StreamNode<TIn, TOut>(run, name, stage.Options, input, output)
{
    protected override async Task RunBodyAsync(StreamWorker<TIn, TOut> worker)
    {
        worker.Lane.RequestThread();
        await worker.Lane.SwitchAsync().ConfigureAwait(false);
        using IEnumerator<TOut> results = stage.Body(Read(worker)).GetEnumerator();
        while (true)
        {
            bool more = results.MoveNext();
            await worker.PassOnCarriedAsync().ConfigureAwait(false);
            if (!more || !await EmitAsync(worker, results.Current).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    private static IEnumerable<TIn> Read(StreamWorker<TIn, TOut> worker)
    {
        LinkReader<TIn> reader = worker.Reader;
        while (true)
        {
            if (!reader.TryMoveNext())
            {
                worker.Busy = false;
                // As the pulse does it: the author's function may read on another thread than it writes.
                worker.Writer.FlushStuck();
                bool more = reader.MoveNextBlocking();
                worker.Busy = true;
                if (!more)
                {
                    UpstreamFailedException.ThrowUnlessWhole(reader.End);
                    yield break;
                }
            }

            if (reader.Failure is { } carried)
            {
                worker.HoldCarried(carried);
            }
            else
            {
                yield return reader.Current;
            }
        }
    }
}

/// <summary>A worker of a whole-stream stage.</summary>
internal sealed class StreamWorker<TIn, TOut> : Worker
{
    private readonly ConcurrentQueue<ItemFailure> carried = [];
    private readonly Lane inputLane;
    private long watched;

    public StreamWorker(Run run, Link<TIn> input, Link<TOut> output, bool shared)
        : base(run)
    {
        inputLane = new Lane(run);
        Reader = new LinkReader<TIn>(input, inputLane, this, shared);
        Writer = new Writer<TOut>(output, this);
    }

    /// <summary>Waits on a lane of its own: an author's function may read ahead while its results wait for room.</summary>
    public LinkReader<TIn> Reader { get; }

    public Writer<TOut> Writer { get; }

    public void RescueReader(long beat) => inputLane.RescueIfStarved(beat);

    public void WakeReader() => inputLane.Wake();

    public void CloseReader() => inputLane.Close();

    /// <summary>Called by the pulse: true when the worker is at the same handful of items as at the last beat.</summary>
    public bool IsStuck()
    {
        long now = Reader.Handfuls;
        bool stuck = now == watched;
        watched = now;
        return stuck;
    }

    /// <summary>Keeps a failure that an earlier stage carries, until the author's function has paused.</summary>
    public void HoldCarried(ItemFailure failure) => carried.Enqueue(failure);

    /// <summary>Lets the failures that were held go round the author's function.</summary>
    public async ValueTask PassOnCarriedAsync()
    {
        while (carried.TryDequeue(out ItemFailure? failure))
        {
            if (Writer.Left > 0 || await Writer.MakeRoomAsync(Lane).ConfigureAwait(false))
            {
                Writer.AddFailure(failure);
            }
        }
    }
}

/// <summary>
/// Thrown into a whole-stream function whose input was cut short, so that it cannot pass off what it has seen as the
/// whole.
/// </summary>
internal sealed class UpstreamFailedException : OperationCanceledException
{
    public UpstreamFailedException()
        : base("The input was cut short by a failure or a cancellation: it ends here, but it is not whole.")
    {
    }

    public static void ThrowUnlessWhole(LinkEnd end)
    {
        if (end != LinkEnd.Completed)
        {
            throw new UpstreamFailedException();
        }
    }
}
