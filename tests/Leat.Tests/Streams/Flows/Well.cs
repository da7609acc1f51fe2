using System.Runtime.CompilerServices;

namespace Leat.Tests.Streams.Flows;

/// <summary>A source that counts what is pulled from it, and may be made to wait before an item.</summary>
internal sealed class Well
{
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int pulled;

    /// <summary>How many items were asked for and given.</summary>
    public int Pulled => Volatile.Read(ref pulled);

    /// <summary>The item before which the source waits; none by default.</summary>
    public int WaitsBefore { get; init; } = -1;

    public int Count { get; init; } = int.MaxValue;

    /// <summary>Completes when the source waits.</summary>
    public Task Waiting => waiting.Task;

    public void Release() => released.SetResult();

    public Pipe<int> AsPipe(bool asynchronous) => asynchronous ? Source.From(ItemsAsync()) : Source.From(Items());

    private IEnumerable<int> Items()
    {
        for (int i = 0; i < Count; i++)
        {
            if (i == WaitsBefore)
            {
                waiting.SetResult();
                ((IAsyncResult)released.Task).AsyncWaitHandle.WaitOne();
            }

            Interlocked.Increment(ref pulled);
            yield return i;
        }
    }

    private async IAsyncEnumerable<int> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < Count; i++)
        {
            if (i % 13 == 0) await Task.Yield();
            if (i == WaitsBefore)
            {
                waiting.SetResult();
                await released.Task.WaitAsync(cancellationToken);
            }

            Interlocked.Increment(ref pulled);
            yield return i;
        }
    }
}
