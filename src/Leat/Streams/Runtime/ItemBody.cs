namespace Leat.Streams;

/// <summary>
/// What a per-item stage does with its items, for one worker: made at the worker's start, disposed at its end.
/// </summary>
internal abstract class ItemBody<TIn, TOut> : IAsyncDisposable
{
    /// <summary>True when <see cref="Loop"/> does the work; else every item goes through <see cref="OneAsync"/>.</summary>
    public virtual bool HasLoop => false;

    /// <summary>True when the body wants no more items.</summary>
    public virtual bool IsSatisfied => false;

    /// <summary>
    /// Works through a claim until it is used up; gives at most one result an item. What the author's code throws
    /// goes through: the caller finds the guilty item in the claim and calls again for the rest.
    /// </summary>
    public virtual void Loop(Claim<TIn> claim, Writer<TOut> writer) => throw new NotSupportedException();

    /// <summary>Works on one item.</summary>
    public abstract ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken);

    /// <summary>Offers a failure that an earlier stage carries; false when the body has no use for it.</summary>
    public virtual ValueTask<bool> TryTakeFailureAsync(ItemFailure failure, Emitter<TOut> output) => new(false);

    /// <summary>Where the failure of an item stands among parts; null where there are none.</summary>
    public virtual PartPlace? TakePlace(TIn? item) => null;

    /// <summary>Called at the end of the input, which may have been cut short.</summary>
    public virtual ValueTask CompleteAsync(LinkEnd end, Emitter<TOut> output) => ValueTask.CompletedTask;

    /// <summary>True when there is something of the author's to dispose.</summary>
    public virtual bool NeedsDisposal => false;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Where a body's results go.</summary>
internal sealed class Emitter<T>
{
    private readonly Node? node;
    private readonly Writer<T>? writer;
    private readonly Lane? lane;
    private readonly List<T>? buffer;
    private readonly Func<T, ValueTask<bool>>? receiver;

    /// <summary>An emitter that hands results on; a <paramref name="buffered"/> one when their item has succeeded.</summary>
    public Emitter(Node node, Writer<T> writer, Lane lane, bool buffered)
    {
        this.node = node;
        this.writer = writer;
        this.lane = lane;
        buffer = buffered ? [] : null;
    }

    /// <summary>An emitter that keeps results for <see cref="TakeAll"/>.</summary>
    public Emitter() => buffer = [];

    /// <summary>An emitter that hands each result to somebody else.</summary>
    public Emitter(Func<T, ValueTask<bool>> receiver) => this.receiver = receiver;

    /// <summary>True when a result was refused because the run has failed elsewhere.</summary>
    public bool WasCut { get; private set; }

    /// <summary>Adds a result; false when no more are wanted.</summary>
    public ValueTask<bool> AddAsync(T item)
    {
        if (receiver is not null)
        {
            return receiver(item);
        }

        if (buffer is null)
        {
            if (writer!.Left > 0 || !node!.IsCut)
            {
                return writer.AddAsync(item, lane!);
            }

            // The run has failed elsewhere: a body that would go on for ever must not.
            WasCut = true;
            return new ValueTask<bool>(false);
        }

        buffer.Add(item);
        return new ValueTask<bool>(true);
    }

    /// <summary>Gives the kept results and forgets them.</summary>
    public T[] TakeAll()
    {
        T[] all = [.. buffer!];
        buffer!.Clear();
        return all;
    }

    /// <summary>Hands on what an item gave.</summary>
    public async ValueTask CommitAsync()
    {
        foreach (T item in buffer ?? [])
        {
            if (!await writer!.AddAsync(item, lane!).ConfigureAwait(false))
            {
                break;
            }
        }

        buffer?.Clear();
    }

    /// <summary>Drops what a failed attempt gave.</summary>
    public void Discard() => buffer?.Clear();

    /// <summary>Adds a failure that travels on in place of an item, behind the results that are kept.</summary>
    public async ValueTask AddFailureAsync(ItemFailure failure)
    {
        await CommitAsync().ConfigureAwait(false);
        if (writer!.Left > 0 || await writer.MakeRoomAsync(lane!).ConfigureAwait(false))
        {
            writer.AddFailure(failure);
        }
    }

    /// <summary>Hands over at once, before a wait, what was made so far.</summary>
    public void HandOver()
    {
        if (buffer is null)
        {
            writer?.Flush();
        }
    }
}
