using System.Runtime.CompilerServices;
using Leat.Encoding;
using Leat.Streams;

namespace Leat;

/// <summary>
/// One enumeration of a pipe: its run starts at the first move and ends with the enumeration. A type of its own, so that
/// <c>await foreach</c> over a pipe costs no interface calls.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
[StaysHere("a run of a pipe belongs to the program that started it; make a list of its items first")]
public sealed class PipeEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly Pipe<T> pipe;
    private readonly CancellationToken cancellationToken;
    private readonly Run run;
    private LinkReader<T>? reader;
    private OutletNode? outlet;
    private bool ended;
    private bool readingEnded;

    // The items in the reader's hands, here so that moving among them costs a comparison.
    private T[] items = [];
    private int index = -1;
    private int end;

    internal PipeEnumerator(Pipe<T> pipe, CancellationToken cancellationToken, FlowOptions? options = null)
    {
        run = new Run(options ?? FlowOptions.Default);
        this.pipe = pipe;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>True when carried failures are delivered instead of thrown at the end.</summary>
    internal bool TakesOutcomes { get; init; }

    /// <inheritdoc/>
    public T Current => items[index];

    /// <summary>The carried failure that stands in the place of the current item, or null.</summary>
    internal ItemFailure? Failure => reader!.Failure;

    /// <inheritdoc/>
    /// <exception cref="PipelineException">The run failed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        int next = index + 1;
        if (next < end && !run.IsCancelled)
        {
            index = next;
            return new ValueTask<bool>(true);
        }

        return MoveSlowAsync();
    }

    /// <summary>Moves on, blocking the thread until there is an item or the end.</summary>
    internal bool MoveNext()
    {
        ValueTask<bool> next = MoveNextAsync();
        return next.IsCompleted ? next.GetAwaiter().GetResult() : Wait(next.AsTask());
    }

    /// <summary>Skips, without a look, to the last of the items that are at hand.</summary>
    internal T SkipToLastAtHand()
    {
        index = end - 1;
        return Current;
    }

    /// <summary>Ends the run, if it has not ended, and waits until nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        ended = true;
        if (reader is not null)
        {
            run.Cancel();
            EndReading();
            await run.Ended.ConfigureAwait(false);
            outlet!.Lane.Close();
        }
    }

    /// <summary>Ends the run, blocking the thread until nothing of it is left.</summary>
    internal void Dispose()
    {
        ValueTask disposal = DisposeAsync();
        if (!disposal.IsCompletedSuccessfully)
        {
            Wait(disposal.AsTask());
        }
    }

#pragma warning disable VSTHRD002, RS0030 // The synchronous edge: callers of Results() ask to be blocked.
    private static TResult Wait<TResult>(Task<TResult> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, RS0030

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> MoveSlowAsync()
    {
        if (ended)
        {
            return false;
        }

        reader ??= Start();
        reader.SkipTo(index);
        while (!run.IsCancelled && await reader.MoveNextAsync().ConfigureAwait(false))
        {
            if (!NoteCarried())
            {
                (items, index, end) = reader.Hand;
                return true;
            }
        }

        await EndAsync().ConfigureAwait(false);
        return false;
    }

    private LinkReader<T> Start()
    {
        cancellationToken.ThrowIfCancellationRequested();
        Link<T> link = RunBuilder.Build(run, pipe);
        outlet = new OutletNode(run);
        run.Add(outlet);
        run.WorkerStarted();
        run.Start(cancellationToken);
        return new LinkReader<T>(link, outlet.Lane);
    }

    // The reader is at work too: it finds carried failures, which belong to the run's outcome.
    private void EndReading()
    {
        if (!readingEnded)
        {
            readingEnded = true;
            run.WorkerEnded();
        }
    }

    private bool NoteCarried()
    {
        if (reader!.Failure is not { } carried || (TakesOutcomes && !carried.Skipped))
        {
            return false;
        }

        run.RecordCarried(carried);
        return true;
    }

    private async ValueTask EndAsync()
    {
        ended = true;
        bool cancelled = run.IsCancelled;
        if (reader!.End == LinkEnd.Failed)
        {
            run.Cancel();
        }

        EndReading();
        await run.Ended.ConfigureAwait(false);
        outlet!.Lane.Close();
        if (run.Failures.Count > 0 || cancelled)
        {
            throw run.Outcome(cancellationToken) ?? new OperationCanceledException(cancellationToken);
        }
    }
}
