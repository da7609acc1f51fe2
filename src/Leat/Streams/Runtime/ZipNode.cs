namespace Leat.Streams;

/// <summary>One input of a zip, whatever its type.</summary>
internal abstract class ZipInput
{
    public abstract string Name { get; }

    /// <summary>The failure that stands in the place of the item in hand.</summary>
    public abstract ItemFailure? Failure { get; }

    /// <summary>Items taken so far.</summary>
    public long Count { get; protected set; }

    public abstract LinkEnd End { get; }

    public abstract bool TryMoveNext();

    /// <summary>True when no more items come, after a move that found none.</summary>
    public abstract bool HasEnded();

    /// <summary>True when there is nothing to move on to, and the lane will be woken when there may be.</summary>
    public abstract bool MustWait();

    public abstract void Close();
}

/// <summary>One input of a zip.</summary>
internal sealed class ZipInput<T>(string name, Link<T> link, Lane lane) : ZipInput
{
    private readonly LinkReader<T> reader = new(link, lane);

    public T Current => reader.Current;

    public override string Name => name;

    public override ItemFailure? Failure => reader.Failure;

    public override LinkEnd End => reader.End;

    public override bool TryMoveNext()
    {
        bool any = reader.TryMoveNext();
        Count += any ? 1 : 0;
        return any;
    }

    public override bool HasEnded() => reader.HasEnded();

    public override bool MustWait() => reader.MustWait();

    public override void Close() => link.Close();
}

/// <summary>Puts the items of several pipes together, one of each.</summary>
internal sealed class ZipNode<TOut> : Node
{
    private readonly Link<TOut> output;
    private readonly Worker worker;
    private readonly ZipInput[] inputs;
    private readonly Func<TOut> combine;
    private readonly bool shortest;

    // Which inputs have an item for the next place, and which have come to their end without one.
    private readonly bool[] there;
    private readonly bool[] ended;

    public ZipNode(Run run, string name, Link<TOut> output, bool shortest, Func<Lane, (ZipInput[] Inputs, Func<TOut> Combine)> connect)
        : base(run, name)
    {
        this.output = output;
        this.shortest = shortest;
        worker = new Worker(run);
        (inputs, combine) = connect(worker.Lane);
        there = new bool[inputs.Length];
        ended = new bool[inputs.Length];
    }

    public override int Queued => output.Queued;

    protected override bool IsWhole => base.IsWhole && !Array.Exists(inputs, input => input.End == LinkEnd.Failed);

    protected override void LaunchAll() => Launch(worker, WorkAsync);

    protected override void EndOutput(LinkEnd end) => output.Complete(end);

    protected override void CloseInputs() => Array.ForEach(inputs, input => input.Close());

    private async Task WorkAsync()
    {
        var writer = new Writer<TOut>(output, worker);
        try
        {
            while (await MoveAllAsync(writer).ConfigureAwait(false)
                && (writer.Left > 0 || await writer.MakeRoomAsync(worker.Lane).ConfigureAwait(false)))
            {
                worker.In++;
                if (CarriedFailure() is { } carried)
                {
                    writer.AddFailure(carried);
                }
                else
                {
                    writer.Add(combine());
                }
            }
        }
        finally
        {
            writer.Flush();
        }
    }

    // Where several inputs carry one in the same place, both stand in the one that goes on.
    private ItemFailure? CarriedFailure()
    {
        ItemFailure? first = null;
        List<ItemFailure>? all = null;
        foreach (ZipInput input in inputs)
        {
            if (input.Failure is { } failure)
            {
                all = first is null ? null : [.. all ?? [first], failure];
                first ??= failure;
            }
        }

        return all is null ? first : new ItemFailure(Name, worker.In - 1, null, new AggregateException(all.Select(f => new PipelineException([f]))));
    }

    // False at the end: when an input has no item for the next place, and none comes.
    private async ValueTask<bool> MoveAllAsync(Writer<TOut> writer)
    {
        Array.Clear(there);
        while (!TryMoveAll())
        {
            writer.Flush();
            if (HasEnded())
            {
                return false;
            }

            if (MustWait())
            {
                await worker.Lane.WaitAsync().ConfigureAwait(false);
            }
        }

        return true;
    }

    private bool TryMoveAll()
    {
        bool all = true;
        for (int i = 0; i < inputs.Length; i++)
        {
            there[i] = there[i] || inputs[i].TryMoveNext();
            all &= there[i];
        }

        return all;
    }

    private bool HasEnded()
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            ended[i] = !there[i] && inputs[i].HasEnded();
        }

        if (!ended.Contains(true))
        {
            return false;
        }

        // Where an input failed, or the sources were stopped, the lengths differ because of that.
        if (shortest || Run.IsStopping || Array.Exists(inputs, input => input.End is LinkEnd.Failed or LinkEnd.Closed))
        {
            return true;
        }

        return there.Contains(true)
            ? throw StreamErrors.ZipMismatch(Name, [.. inputs.Select((input, i) => (input.Name, input.Count, ended[i]))])
            : !ended.Contains(false);
    }

    // All of those that have no item may bring the next news.
    private bool MustWait()
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!there[i] && !ended[i] && !inputs[i].MustWait())
            {
                return false;
            }
        }

        return true;
    }
}
