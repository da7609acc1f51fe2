using System.Runtime.CompilerServices;
using Leat.Pools;

namespace Leat.Streams;

/// <summary>A result of a function over the whole stream, or that there are no more.</summary>
/// <param name="Value">The result.</param>
/// <param name="IsEnd">True when the function has ended; then there is no result.</param>
internal readonly record struct StreamResult<T>(T Value, bool IsEnd);

/// <summary>
/// A function over the whole stream, turned round: the function pulls its items, and here they are pushed. Each is given to the
/// function when it asks for one; what the function gives until it asks for the next one are the item's results.
/// </summary>
internal sealed class StreamTask<TIn, TOut>(Func<IAsyncEnumerable<TIn>, CancellationToken, IAsyncEnumerable<TOut>> body)
    : PoolTask<TIn, StreamResult<TOut>>
{
    private readonly CancellationTokenSource cancellation = new();
    private IAsyncEnumerator<TOut>? results;
    private Task<bool>? next;
    private TaskCompletionSource wanted = NewSource();
    private TaskCompletionSource given = NewSource();
    private TIn item = default!;
    private bool isLast;
    private bool hasEnded;

    public override async ValueTask RunAsync(TIn item, ITaskOutput<StreamResult<TOut>> output, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static it => ((CancellationTokenSource)it!).Cancel(), cancellation);
        if (await RunUntilWantedAsync(output).ConfigureAwait(false))
        {
            this.item = item;
            Give();
            await RunUntilWantedAsync(output).ConfigureAwait(false);
        }
    }

    public override async ValueTask CompleteAsync(ITaskOutput<StreamResult<TOut>> output)
    {
        if (await RunUntilWantedAsync(output).ConfigureAwait(false))
        {
            isLast = true;
            Give();
            await RunUntilWantedAsync(output).ConfigureAwait(false);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        // It may be waiting for an item that does not come.
        given.TrySetCanceled();
        await cancellation.CancelAsync().ConfigureAwait(false);
        if (next is not null)
        {
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (results is not null)
        {
            await results.DisposeAsync().ConfigureAwait(false);
        }

        cancellation.Dispose();
    }

    // False when the function has ended.
    private async ValueTask<bool> RunUntilWantedAsync(ITaskOutput<StreamResult<TOut>> output)
    {
        results ??= body(FeedAsync(), cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        while (!hasEnded)
        {
            next ??= results.MoveNextAsync().AsTask();
            await Task.WhenAny(next, wanted.Task).ConfigureAwait(false);
            if (!next.IsCompleted)
            {
                return true;
            }

            Task<bool> done = next;
            next = null;
            hasEnded = !await done.ConfigureAwait(false);
            var result = new StreamResult<TOut>(hasEnded ? default! : results.Current, hasEnded);
            hasEnded |= !await output.AddAsync(result).ConfigureAwait(false);
        }

        return false;
    }

    private void Give()
    {
        TaskCompletionSource gift = given;
        wanted = NewSource();
        given = NewSource();
        gift.SetResult();
    }

    private async IAsyncEnumerable<TIn> FeedAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task gift = given.Task;
            wanted.SetResult();
            await gift.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (isLast)
            {
                yield break;
            }

            yield return item;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
