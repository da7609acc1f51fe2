using System.Runtime.CompilerServices;
using Leat.Encoding;

namespace Leat.Pools;

/// <summary>A session whose items and results have these types.</summary>
internal sealed class WorkerSession<TIn, TOut>(WorkerLoop loop, ulong id, OpenModes modes, Delegate create)
    : WorkerSession(loop, id, modes), ITaskOutput<TOut>
{
    private readonly Codec<TIn> items = Codecs.For<TIn>();
    private readonly Codec<TOut> results = Codecs.For<TOut>();
    private PoolTask<TIn, TOut>? task;
    private Exception? broken;
    private WorkerClaim claim = null!;
    private int index;

    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(TOut result)
    {
        if (claim.IsUnwanted)
        {
            return new ValueTask<bool>(false);
        }

        bool isMuch = Results.AddValue(index, results, result);
        return isMuch ? SendPartAsync() : new ValueTask<bool>(true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask RunOneAsync(WorkerClaim claim, int index, EncodingReader? bytes)
    {
        this.claim = claim;
        this.index = index;
        if (broken is not null)
        {
            Results.AddError(index, ResultKind.NotOpened, broken);
            return;
        }

        try
        {
            if (bytes is null)
            {
                await task!.CompleteAsync(this).ConfigureAwait(false);
            }
            else
            {
                await task!.RunAsync(bytes.ReadAlone(items), this, claim.Token).ConfigureAwait(false);
            }

            Loop.Console.Flush();
            Results.AddDone(index);
        }
        catch (Exception error)
        {
            EndFailed(claim, index, error);
        }
    }

    protected override bool NeedsDisposal => task?.NeedsDisposal == true;

    protected override ValueTask DisposeTaskAsync() => task?.DisposeAsync() ?? ValueTask.CompletedTask;

    // Here, with the first item, and not when the session is opened: the author's code runs in its turn alone.
    protected override void Make()
    {
        try
        {
            if (task is null && broken is null)
            {
                task = ((Func<PoolTask<TIn, TOut>>)create)();
            }
        }
        catch (Exception error)
        {
            broken = error;
        }
    }

    private void EndFailed(WorkerClaim claim, int index, Exception error)
    {
        Loop.Console.Flush();
        if (error is OperationCanceledException && claim.IsUnwanted)
        {
            Results.Add(index, ResultKind.Cancelled);
        }
        else
        {
            Results.AddError(index, ResultKind.Failed, error);
        }
    }

    // While the other side has enough, others may use the process.
    private async ValueTask<bool> SendPartAsync()
    {
        if (!Results.TryFlush(claim))
        {
            await PauseAsync(claim, claim.WaitForCreditAsync).ConfigureAwait(false);
            if (!Results.Flush())
            {
                // The watch has had a credit of its own, and sent it.
                claim.GrantCredit();
            }
        }

        return !claim.IsUnwanted;
    }
}
