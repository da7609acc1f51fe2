using Leat.Code;
using Leat.Encoding;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>A stage's session with a pool of processes: opened by the first of its workers here, closed by the last.</summary>
internal sealed class RemoteStage<TIn, TOut>(ProcessPool pool, string name, ItemStage<TIn, TOut> stage, TimeProvider clock)
{
    private readonly Lock gate = new();
    private PoolSession<TIn, TOut>? session;
    private int users;
    private bool failed;

    /// <summary>True for the first worker to which the function is refused: what all others would say is the same.</summary>
    public bool IsFirstToFail() => !Interlocked.Exchange(ref failed, true);

    /// <summary>Counts a worker of the stage.</summary>
    public void Enter() => Interlocked.Increment(ref users);

    public RemoteBody<TIn, TOut> CreateBody(Lane lane)
    {
        lock (gate)
        {
            return new RemoteBody<TIn, TOut>(session ??= Open(), lane);
        }
    }

    /// <summary>A worker of the stage has ended. The last one waits until the states in the processes are disposed.</summary>
    public async ValueTask LeaveAsync()
    {
        if (Interlocked.Decrement(ref users) > 0 || session is not { } open)
        {
            return;
        }

        await pool.CloseAsync(open).ConfigureAwait(false);
        if (open.CloseError is { } error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
    }

    private PoolSession<TIn, TOut> Open()
    {
        StageOptions options = stage.Options;
        var how = new SessionOptions(name)
        {
            Timeout = options.Timeout,
            Clock = clock,
            TimeoutError = () => StreamErrors.Timeout(name, options.Timeout!.Value),
            IsOrdered = options.Ordered || options.Hands == 1,
            IsWhole = options.Timeout is not null || options.OnError.Retries > 0,
            IsStateful = stage.IsStateful,
        };
        return pool.Open(how, RemoteStage.TaskOf(stage.CreateBody));
    }
}

/// <summary>What stages on processes are made of.</summary>
internal static class RemoteStage
{
    private const int LargestCheck = 1024 * 1024;

    /// <summary>Makes what a worker process runs.</summary>
    public static Func<PoolTask<TIn, TOut>> TaskOf<TIn, TOut>(Func<ItemBody<TIn, TOut>> create) => () => new BodyTask<TIn, TOut>(create());

    /// <summary>Refuses a body that can't go to another process, or items and results that can't.</summary>
    /// <exception cref="LeatException">It can't; the message says what is in its way.</exception>
    public static void Check<TIn, TOut>(Delegate create)
    {
        Codecs.For<TIn>();
        Codecs.For<TOut>();
        try
        {
            PortableFunction.Write(new EncodingWriter { Most = LargestCheck }, create);
        }
        catch (EnoughException)
        {
            // What is large is mostly of one kind. The whole of it is encoded when it is sent.
        }
    }
}

/// <summary>A stage's body in a worker process.</summary>
internal sealed class BodyTask<TIn, TOut> : PoolTask<TIn, TOut>
{
    private readonly ItemBody<TIn, TOut> body;
    private readonly Emitter<TOut> emitter;
    private ITaskOutput<TOut> output = null!;

    public BodyTask(ItemBody<TIn, TOut> body)
    {
        this.body = body;
        emitter = new Emitter<TOut>(result => output.AddAsync(result));
    }

    public override ValueTask RunAsync(TIn item, ITaskOutput<TOut> output, CancellationToken cancellationToken)
    {
        this.output = output;
        return body.OneAsync(item, emitter, cancellationToken);
    }

    public override ValueTask CompleteAsync(ITaskOutput<TOut> output)
    {
        this.output = output;
        return body.CompleteAsync(LinkEnd.Completed, emitter);
    }

    public override bool NeedsDisposal => body.NeedsDisposal;

    public override ValueTask DisposeAsync() => body.DisposeAsync();
}

/// <summary>A body that lets other processes do the work.</summary>
internal sealed class RemoteBody<TIn, TOut>(PoolSession<TIn, TOut> session, Lane lane) : ItemBody<TIn, TOut>
{
    /// <summary>True when outcomes are to be taken in the order of their items.</summary>
    public bool IsOrdered => session.IsOrdered;

    /// <summary>The nanoseconds that an item takes, as far as is known.</summary>
    public double MeanTime => session.MeanTime;

    /// <summary>Gives all items of a batch to the pool but for the failures that earlier stages carry.</summary>
    public Submission<TIn, TOut> Submit(Batch<TIn> batch) =>
        session.Submit(batch.Items.AsMemory(batch.Start, batch.Count), Ranges(batch), isLast: false, lane.Wake);

    /// <summary>Gives one item to the pool, once more.</summary>
    public override ValueTask OneAsync(TIn item, Emitter<TOut> output, CancellationToken cancellationToken) =>
        FinishAsync(session.Submit(new[] { item }, [(0, 1)], isLast: false, lane.Wake), output, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(LinkEnd end, Emitter<TOut> output) =>
        end == LinkEnd.Completed && session.Options.IsStateful
            ? FinishAsync(session.Submit(new TIn[1], [(0, 0)], isLast: true, lane.Wake), output, CancellationToken.None)
            : ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override PartPlace? TakePlace(TIn? item) => (item as IPart)?.Place;

    private async ValueTask FinishAsync(Submission<TIn, TOut> submission, Emitter<TOut> output, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static it => ((Submission)it!).Cancel(), submission);
        while (true)
        {
            OutcomeState state = submission.Take(0, out TOut value, out List<TOut>? values, out Exception? error);
            foreach (TOut each in values ?? (state == OutcomeState.Done ? [value] : []))
            {
                if (!await output.AddAsync(each).ConfigureAwait(false))
                {
                    submission.Refuse();
                    break;
                }
            }

            if (values is not null)
            {
                submission.GrantCredit(0);
            }

            switch (state)
            {
                case OutcomeState.Waiting:
                    await lane.WaitAsync().ConfigureAwait(false);
                    break;
                case OutcomeState.Part:
                    break;
                case OutcomeState.Done:
                    return;
                case OutcomeState.Cancelled:
                    throw new OperationCanceledException(cancellationToken);
                default:
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error!);
                    break;
            }
        }
    }

    private static List<(int From, int To)> Ranges(Batch<TIn> batch)
    {
        if (batch.Failures is null)
        {
            return [(0, batch.Count)];
        }

        List<(int From, int To)> ranges = [];
        int from = 0;
        for (int i = 0; i <= batch.Count; i++)
        {
            if (i < batch.Count && batch.Failures[batch.Start + i] is null)
            {
                continue;
            }

            if (i > from)
            {
                ranges.Add((from, i));
            }

            from = i + 1;
        }

        return ranges;
    }
}
