using System.Diagnostics;

namespace Leat.Streams;

/// <summary>What sources have in common: they stop, pause and are given up in the same way.</summary>
internal abstract class SourceNode<T> : Node, ISourceNode
{
    private readonly CancellationTokenSource pulling = new();
    private long stoppedAt;
    private long pulls;
    private long pullsAtBeat;
    private volatile bool interrupted;
    private volatile bool stopped;

    protected SourceNode(Run run, string name, Link<T> output)
        : base(run, name)
    {
        Output = output;
        Worker = new Worker(run);
        Writer = new Writer<T>(output, Worker);
    }

    public override int Queued => Output.Queued;

    public override bool NeedsBeat => base.NeedsBeat || (!Worker.HasEnded && (IsPulling || stopped));

    public bool IsPulling => Worker.Busy;

    protected override bool IsWhole => base.IsWhole && !IsCut;

    protected Link<T> Output { get; }

    protected Worker Worker { get; }

    protected Writer<T> Writer { get; }

    /// <summary>Cancelled when the source shall pull no more, for whatever reason.</summary>
    protected CancellationToken PullToken => pulling.Token;

    /// <summary>True when the source must look at <see cref="MayPullAsync"/> before it pulls again.</summary>
    protected bool IsInterrupted => interrupted;

    protected override void LaunchAll() => Launch(Worker, WorkAsync);

    public void Interrupt() => interrupted = true;

    public void StopPulling()
    {
        if (!stopped)
        {
            stoppedAt = Run.Clock.GetTimestamp();
            stopped = true;
            interrupted = true;
            Run.Observe(pulling.CancelAsync());
            Worker.Lane.Wake();
            Run.NoticeWork();
        }
    }

    public override void OnBeat(long beat)
    {
        base.OnBeat(beat);
        if (Worker.HasEnded || !Worker.Busy)
        {
            return;
        }

        Writer.FlushStuck();
        long now = Volatile.Read(ref pulls);
        if (now == pullsAtBeat)
        {
            Worker.Lane.RequestThread();
        }

        pullsAtBeat = now;

        if (stopped && Run.Clock.GetElapsedTime(stoppedAt) >= Run.Grace)
        {
            Abandon(Worker);
        }
    }

    protected override void OnCancelled() => StopPulling();

    protected override void OnCut() => StopPulling();

    protected override void EndOutput(LinkEnd end) => Output.Complete(end);

    /// <summary>Pulls until the items end or the source is stopped.</summary>
    protected abstract Task PullAsync();

    /// <summary>Waits while the run is paused; false when the source shall end.</summary>
    protected async ValueTask<bool> MayPullAsync()
    {
        while (interrupted)
        {
            Worker.Busy = false;

            // Cleared before the look: an interruption that comes later is not lost.
            interrupted = false;
            Interlocked.MemoryBarrier();
            if (stopped || Run.IsStopping || IsCut || IsCancelled)
            {
                interrupted = true;
                return false;
            }

            if (Run.IsPaused)
            {
                interrupted = true;
                Writer.Flush();
                await Run.ParkAsync(Worker.Lane).ConfigureAwait(false);
            }
        }

        return true;
    }

    /// <summary>Says that the author's code is about to be asked; false when the source must look whether it may.</summary>
    protected bool TryBeginPull()
    {
        pulls++;
        Worker.Busy = true;
        Interlocked.MemoryBarrier();
        if (!interrupted)
        {
            return true;
        }

        Worker.Busy = false;
        return false;
    }

    private async Task WorkAsync()
    {
        try
        {
            await PullAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopped)
        {
            // The author's iterator has obeyed its token.
        }
        finally
        {
            Worker.Busy = false;
            if (!Worker.HasEnded)
            {
                Writer.Flush();
            }
        }
    }
}

/// <summary>A source that pulls from an <see cref="IEnumerable{T}"/>.</summary>
internal sealed class EnumerableNode<T>(Run run, string name, IEnumerable<T> items, Link<T> output) : SourceNode<T>(run, name, output)
{
    private Grain grain = new(BatchPool<T>.BatchSize, null);

    protected override async Task PullAsync()
    {
        if (items is T[] or List<T>)
        {
            await PullBlocksAsync().ConfigureAwait(false);
            return;
        }

        Worker.Busy = true;
        IEnumerator<T> iterator = items.GetEnumerator();
        try
        {
            await PullAsync(iterator).ConfigureAwait(false);
        }
        finally
        {
            Worker.Busy = true;
            iterator.Dispose();
        }
    }

    private async Task PullAsync(IEnumerator<T> iterator)
    {
        Worker.Busy = false;
        bool more = true;
        while (more && await MayPullAsync().ConfigureAwait(false) && await Writer.MakeRoomAsync(Worker.Lane, grain.Size).ConfigureAwait(false))
        {
            if (Worker.Lane.ShouldSwitch)
            {
                await Worker.Lane.SwitchAsync().ConfigureAwait(false);
            }

            long started = Stopwatch.GetTimestamp();
            int before = Writer.Count;
            if (TryBeginPull())
            {
                more = Pull(iterator);
                Worker.Busy = false;
            }

            grain.Adapt(Stopwatch.GetTimestamp() - started, Writer.Count - before);
        }
    }

    private bool Pull(IEnumerator<T> iterator)
    {
        T[] pulled = Writer.Items;
        ref int published = ref Writer.Count;
        int count = published;
        int budget = Writer.Budget;
        while (count < budget && !IsInterrupted)
        {
            if (!iterator.MoveNext())
            {
                return false;
            }

            pulled[count] = iterator.Current;
            Volatile.Write(ref published, ++count);
        }

        return true;
    }

    // Arrays and lists are copied a batch at a time.
    private async Task PullBlocksAsync()
    {
        int start = 0;
        int count = ((ICollection<T>)items).Count;
        while (start < count && await MayPullAsync().ConfigureAwait(false) && await Writer.MakeRoomAsync(Worker.Lane).ConfigureAwait(false))
        {
            if (TryBeginPull())
            {
                start += AddBlock(start);
                Worker.Busy = false;
            }
        }
    }

    private int AddBlock(int start)
    {
        ReadOnlySpan<T> all = items is T[] array ? array : System.Runtime.InteropServices.CollectionsMarshal.AsSpan((List<T>)items);
        if (start >= all.Length)
        {
            throw StreamErrors.ListChanged();
        }

        ReadOnlySpan<T> block = all.Slice(start, Math.Min(Writer.Left, all.Length - start));
        Writer.AddRange(block);
        return block.Length;
    }
}

/// <summary>A source that pulls from an <see cref="IAsyncEnumerable{T}"/>.</summary>
internal sealed class AsyncEnumerableNode<T>(Run run, string name, IAsyncEnumerable<T> items, Link<T> output) : SourceNode<T>(run, name, output)
{
    protected override async Task PullAsync()
    {
        Worker.Busy = true;
        IAsyncEnumerator<T> iterator = items.GetAsyncEnumerator(PullToken);
        try
        {
            await PullAsync(iterator).ConfigureAwait(false);
        }
        finally
        {
            Worker.Busy = true;
            await iterator.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task PullAsync(IAsyncEnumerator<T> iterator)
    {
        Worker.Busy = false;
        while (await MayPullAsync().ConfigureAwait(false))
        {
            if (!TryBeginPull())
            {
                continue;
            }

            ValueTask<bool> next = iterator.MoveNextAsync();
            if (!next.IsCompleted)
            {
                // What is there must not wait for what is not.
                Writer.Flush();
            }

            bool more = await next.ConfigureAwait(false);
            Worker.Busy = false;
            if (!more || !await Writer.AddAsync(iterator.Current, Worker.Lane).ConfigureAwait(false))
            {
                break;
            }
        }
    }
}
