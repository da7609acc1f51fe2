using System.Diagnostics;
using System.Runtime.CompilerServices;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>
/// A per-item stage at work: every worker claims some items from the input, gives their results to the output and
/// claims again.
/// </summary>
internal sealed partial class ItemNode<TIn, TOut> : Node
{
    // Behind the one in which something is returned.
    private const int BeatsToWake = 2;

    private readonly Link<TIn> input;
    private readonly Link<TOut> output;
    private readonly StageOptions options;
    private readonly Func<ItemBody<TIn, TOut>> create;
    private readonly RemoteStage<TIn, TOut>? remote;
    private readonly Share<Turn> share = new();
    private readonly bool lifted;
    private readonly bool takesToken;
    private readonly bool buffered;

    // Guards what follows, which only stages with several workers use.
    private readonly Lock gate = new();
    private readonly PriorityQueue<Returned, long> returned = new();
    private readonly List<Lane> idle = [];
    private int claimsInHand;
    private int beatsToWake;

    private Grain grain;
    private volatile bool stopped;
    private volatile bool cutShort;

    public ItemNode(Run run, string name, ItemStage<TIn, TOut> stage, Link<TIn> input, Link<TOut> output)
        : base(run, name)
    {
        this.input = input;
        this.output = output;
        options = stage.Options;
        create = stage.CreateBody;
        lifted = stage.IsLifted;
        takesToken = stage.TakesToken;
        remote = options.Pool is ProcessPool pool ? new RemoteStage<TIn, TOut>(pool, name, stage, run.Clock) : null;
        IsShared = options.Hands > 1 || options.GrowsWithPool;
        IsOrdered = IsShared && options.Ordered;
        buffered = options.Timeout is not null || options.OnError.Retries > 0;
        int largest = Math.Min(BatchPool<TIn>.BatchSize, BatchPool<TOut>.BatchSize);
        grain = new Grain(options.Timeout is null ? largest : 1, options.Batch);
    }

    public override int Queued => output.Queued;

    public override int WorkerCount => remote is null ? base.WorkerCount : options.Workers;

    public override bool NeedsBeat => base.NeedsBeat || Workers.Any(w => !w.HasEnded && w.Busy) || output.MayGrow;

    protected override bool IsWhole => base.IsWhole && !cutShort && input.End != LinkEnd.Failed;

    private bool IsShared { get; }

    private bool IsOrdered { get; }

    protected override void LaunchAll()
    {
        for (int i = 0; i < options.Hands; i++)
        {
            ItemWorker<TIn, TOut> worker = CreateWorker();
            remote?.Enter();
            Launch(worker, () => WorkAsync(worker, null));
        }
    }

    public override void OnBeat(long beat)
    {
        base.OnBeat(beat);
        foreach (Worker each in Workers)
        {
            var worker = (ItemWorker<TIn, TOut>)each;
            if (worker.HasEnded)
            {
                continue;
            }

            bool isSlow = worker.IsOnSameClaim(out bool isStuck);
            if (isStuck && !worker.Awaiting)
            {
                worker.Lane.RequestThread();
            }

            if (worker.Lease is { IsHeld: true } lease)
            {
                GiveUpWhenExpired(worker, lease);
            }
            else if (isSlow)
            {
                worker.Writer.FlushStuck();
                if (remote is null)
                {
                    // What is elsewhere is shared out there.
                    ShareRest(worker);
                }
            }
        }

        WakeForReturned();
        output.GrowIfStarved();
        GrowWithPool();
    }

    protected override void OnCancelled()
    {
        foreach (Worker worker in Workers)
        {
            DropRest((ItemWorker<TIn, TOut>)worker);
            if (worker.Turn is not null)
            {
                worker.Lane.Wake();
            }
        }

        foreach (Lane lane in TakeIdle())
        {
            lane.Wake();
        }
    }

    protected override void EndOutput(LinkEnd end) => output.Complete(end);

    protected override void OnBroken()
    {
        stopped = true;
        cutShort = true;
        base.OnBroken();
    }

    protected override void CloseInputs() => input.Close();

    private async Task WorkAsync(ItemWorker<TIn, TOut> worker, Takeover? takeover)
    {
        worker.Lease = options.Timeout is null || remote is not null ? null : new ItemLease(Run.Clock, Token);
        ItemBody<TIn, TOut>? body = null;
        try
        {
            if (takeover is not null)
            {
                Adopt(worker, takeover);
            }

            worker.Busy = true;
            body = remote is null ? create() : remote.CreateBody(worker.Lane);
            worker.Busy = false;
            bool goOn = takeover is null || await ResumeAsync(worker, body, takeover).ConfigureAwait(false);
            if (body.IsSatisfied)
            {
                EndSatisfied();
            }

            await GoRoundAsync(worker, body, goOn).ConfigureAwait(false);
            if (!stopped && !worker.HasEnded && !IsCancelled)
            {
                await CompleteAsync(worker, body).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not LeaseLostException && worker.Claim.Batch is not null)
        {
            // Not an item's failure, which is dealt with where it happens: the items in hand will not be done.
            EndEarly(worker);
            ReleaseHand();
            throw;
        }
        finally
        {
            worker.Lease?.Dispose();
            if (body is not null)
            {
                worker.Busy = true;
                await body.DisposeAsync().ConfigureAwait(false);
            }

            if (remote is not null)
            {
                await remote.LeaveAsync().ConfigureAwait(false);
            }
        }
    }

    // Claims and works until there is nothing more to do, or something forbids it.
    private async ValueTask GoRoundAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, bool goOn)
    {
        while (goOn)
        {
            switch (TryClaim(worker))
            {
                case ClaimResult.Claimed when remote is not null:
                    goOn = await ProcessElsewhereAsync(worker, (RemoteBody<TIn, TOut>)body).ConfigureAwait(false);
                    break;
                case ClaimResult.Claimed when worker.Turn is not null:
                    goOn = await ProcessInTurnAsync(worker, body, worker.Turn).ConfigureAwait(false);
                    break;
                case ClaimResult.Claimed:
                    goOn = await ProcessAsync(worker, body).ConfigureAwait(false);
                    break;
                case ClaimResult.NeedsInput:
                    await input.WaitForItemsAsync(worker.Lane).ConfigureAwait(false);
                    break;
                case ClaimResult.NeedsRoom:
                    await output.WaitForRoomAsync(worker.Lane).ConfigureAwait(false);
                    break;
                case ClaimResult.NeedsNeighbours:
                    await WaitForNeighboursAsync(worker.Lane).ConfigureAwait(false);
                    break;
                default:
                    goOn = false;
                    break;
            }

            if (worker.Lane.ShouldSwitch)
            {
                await worker.Lane.SwitchAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask CompleteAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body)
    {
        worker.Busy = true;
        worker.Writer.Begin(null, 0);
        await body.CompleteAsync(input.End, worker.Emitter).ConfigureAwait(false);
        await worker.Emitter.CommitAsync().ConfigureAwait(false);
        worker.Writer.Flush();
    }

    // Fast: no await and no allocation as long as the body is synchronous and nothing fails.
    private ValueTask<bool> ProcessAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body)
    {
        long started = Stopwatch.GetTimestamp();
        worker.Busy = true;
        if (!body.HasLoop || worker.Lease is not null || worker.Claim.Batch!.Failures is not null)
        {
            return OneByOneAsync(worker, body, started, null);
        }

        try
        {
            body.Loop(worker.Claim, worker.Writer);
        }
        catch (Exception error)
        {
            return OneByOneAsync(worker, body, started, error);
        }

        FinishClaim(worker, body, Stopwatch.GetTimestamp() - started);
        return new ValueTask<bool>(true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> OneByOneAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, long started, Exception? error)
    {
        worker.Busy = true;
        bool goOn = error is null || await RecoverAsync(worker, body, CurrentItem(worker), worker.Claim.Number, error).ConfigureAwait(false);
        while (goOn && !body.IsSatisfied && worker.Claim.TryNext(out int index))
        {
            Batch<TIn> batch = worker.Claim.Batch!;
            goOn = batch.Failures?[index] is { } carried
                ? await PassOnAsync(worker, body, carried).ConfigureAwait(false)
                : await TryOneAsync(worker, body, batch.Items[index]).ConfigureAwait(false) is not { } failure
                    || await RecoverAsync(worker, body, batch.Items[index], worker.Claim.Number, failure).ConfigureAwait(false);
            if (worker.Emitter.WasCut)
            {
                EndEarly(worker);
                goOn = false;
            }
        }

        if (worker.HasEnded)
        {
            return false;
        }

        FinishClaim(worker, body, Stopwatch.GetTimestamp() - started);
        return goOn;
    }

    private static TIn CurrentItem(ItemWorker<TIn, TOut> worker) =>
        worker.Claim.Batch!.Items[Volatile.Read(ref worker.Claim.Next) - 1];

    private static async ValueTask<bool> PassOnAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, ItemFailure carried)
    {
        if (!await body.TryTakeFailureAsync(carried, worker.Emitter).ConfigureAwait(false))
        {
            await worker.Emitter.AddFailureAsync(carried).ConfigureAwait(false);
        }

        await worker.Emitter.CommitAsync().ConfigureAwait(false);
        return true;
    }

    // Null when the item went well, else what it threw.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Exception?> TryOneAsync(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, TIn item)
    {
        Exception? error = null;
        worker.Lease?.Take();
        try
        {
            ValueTask one = body.OneAsync(item, worker.Emitter, worker.Lease?.Token ?? Token);
            worker.Awaiting = !one.IsCompleted;
            await one.ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        worker.Awaiting = false;

        if (worker.Lease is { } lease)
        {
            switch (lease.TryReturn())
            {
                case false:
                    error = StreamErrors.Timeout(Name, options.Timeout!.Value);
                    break;
                case null:
                    throw new LeaseLostException();
            }
        }

        if (error is null && buffered)
        {
            await worker.Emitter.CommitAsync().ConfigureAwait(false);
        }

        return error;
    }

    private void FinishClaim(ItemWorker<TIn, TOut> worker, ItemBody<TIn, TOut> body, long elapsed)
    {
        int done = worker.Claim.Done;
        Batch<TIn> batch = worker.Claim.Finish();
        worker.Writer.Flush();
        worker.Busy = false;
        if (worker.Slot is { } slot)
        {
            worker.Slot = null;
            output.CloseSlot(slot);
        }

        ReleaseHand();
        Count(worker, done, elapsed);
        input.Pool.Return(batch);
        if (body.IsSatisfied)
        {
            EndSatisfied();
        }
    }

    private void EndSatisfied()
    {
        stopped = true;
        input.Close();
    }

    private void Count(ItemWorker<TIn, TOut> worker, int done, long elapsed)
    {
        if (done > 0)
        {
            worker.CountIn(done);
            worker.Times.Record(elapsed, done);
            grain.Adapt(elapsed, done);
        }
    }
}
