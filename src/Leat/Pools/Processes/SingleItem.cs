namespace Leat.Pools;

/// <summary>An item that was given to a pool alone, and what comes of it.</summary>
internal sealed class SingleItem<TIn, TOut>
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Submission<TIn, TOut>? submission;

    /// <summary>Gives it to the pool.</summary>
    /// <param name="session">What is done with it; its results are taken as a whole.</param>
    /// <param name="item">The item.</param>
    public SingleItem(PoolSession<TIn, TOut> session, TIn item)
    {
        submission = session.Submit(new[] { item }, [(0, 1)], isLast: false, OnProgress);
        OnProgress();
    }

    /// <summary>Completes when it has ended, in whatever way.</summary>
    public Task Ended => ended.Task;

    /// <summary>Ends it: what does not heed its token, with the process.</summary>
    public void Cancel() => submission!.Cancel();

    /// <summary>How it has ended, with its one result if it is done. To be called once, when it has <see cref="Ended"/>.</summary>
    public OutcomeState Take(out TOut value, out Exception? error)
    {
        OutcomeState state = submission!.Take(0, out value, out List<TOut>? values, out error);
        if (values is [var only]) value = only;
        return state;
    }

    private void OnProgress()
    {
        // Either this sees what was submitted, or who has submitted it sees what came of it.
        Interlocked.MemoryBarrier();
        if (submission?.IsWaiting(0) == false) ended.TrySetResult();
    }
}
