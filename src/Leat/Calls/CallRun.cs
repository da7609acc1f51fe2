using System.Runtime.CompilerServices;
using Leat.Calls;
using Leat.Encoding;

namespace Leat;

/// <summary>
/// A run of something deferred. It goes on by itself; its values can be taken while it does, in order or as they come, by any number of
/// takers. Disposing it cancels what still runs and waits for its end.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
[StaysHere("a run belongs to the program that started it; take its values")]
public sealed class CallRun<T> : IAsyncDisposable
{
    private readonly Evaluation run;
    private readonly CallNode<T> result;

    internal CallRun(Evaluation run)
    {
        this.run = run;
        result = (CallNode<T>)run.Result;
        Completion = CompleteAsync();
        // Who takes the values sees the failures; who does not has left them out.
        _ = Completion.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>
    /// Completes when all calls have ended; fails with a <see cref="PipelineException"/> that holds all failures when calls have failed, and
    /// is cancelled when the run was.
    /// </summary>
    public Task Completion { get; }

    /// <summary>How far the run has come.</summary>
    public CallProgress Progress
    {
        get
        {
            lock (run.Gate)
            {
                int Sum(CallOrigin origin) => run.Logs.Sum(each => each.Log.Counts[(int)origin]);
                int known = run.Logs.Sum(each => each.Node.Slots);
                int done = run.Logs.Sum(each => each.Log.Counts.Sum());
                return new CallProgress
                {
                    Known = known,
                    // A call whose result is known holds its worker for a moment longer.
                    Running = Math.Min(run.Running, known - done),
                    Ran = Sum(CallOrigin.Ran),
                    FromCache = Sum(CallOrigin.FromCache),
                    Shared = Sum(CallOrigin.Shared),
                    Failed = Sum(CallOrigin.Failed),
                    NotRun = Sum(CallOrigin.NotRun),
                    IsCompleted = run.Completion.IsCompleted,
                };
            }
        }
    }

    /// <summary>Makes no more calls, cancels those that are being made, and completes when they have ended.</summary>
    public async Task CancelAsync()
    {
        run.Cancel();
        await run.Completion.ConfigureAwait(false);
    }

    /// <summary>The values in order, each as soon as it is there and all before it were given; failures are thrown at the end.</summary>
    /// <param name="cancellationToken">Ends the waiting, and not the run.</param>
    /// <exception cref="PipelineException">Calls have failed; thrown behind the last value.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IAsyncEnumerable<T> InOrder(CancellationToken cancellationToken = default) => ValuesAsync(OutcomesAsync(result.Space.CreateCursor(), cancellationToken));

    /// <summary>The values as they come; failures are thrown at the end.</summary>
    /// <inheritdoc cref="InOrder"/>
    public IAsyncEnumerable<T> AsCompleted(CancellationToken cancellationToken = default) => ValuesAsync(OutcomesAsync(new ArrivalCursor(run), cancellationToken));

    /// <summary>What became of each value, in order: the value, or the failure that stands in its place.</summary>
    /// <param name="cancellationToken">Ends the waiting, and not the run.</param>
    /// <exception cref="PipelineException">Something has failed for which no value stands; thrown at the end.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async IAsyncEnumerable<Outcome<T>> Outcomes([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool told = false;
        await foreach (Outcome<T> outcome in OutcomesAsync(result.Space.CreateCursor(), cancellationToken).ConfigureAwait(false))
        {
            told |= !outcome.IsSuccess;
            yield return outcome;
        }

        if (!told || !result.HasEnded) await Completion.ConfigureAwait(false);
    }

    /// <summary>What became of each call so far, and why.</summary>
    public CallReport Explain() => CallReport.Of(run);

    /// <summary>Cancels what still runs and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        await CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>All values in order.</summary>
    internal async Task<T[]> ResultsAsync()
    {
        await Completion.ConfigureAwait(false);
        lock (run.Gate)
        {
            var values = new List<T>(result.Slots);
            Cursor cursor = result.Space.CreateCursor();
            while (cursor.TryNext(out int slot) == Step.Element) values.Add(result.ValueOf(slot));
            return [.. values];
        }
    }

    private async IAsyncEnumerable<T> ValuesAsync(IAsyncEnumerable<Outcome<T>> outcomes)
    {
        await foreach (Outcome<T> outcome in outcomes.ConfigureAwait(false))
        {
            if (outcome.IsSuccess) yield return outcome.Value;
        }

        await Completion.ConfigureAwait(false);
    }

    private async Task CompleteAsync()
    {
        await run.Completion.ConfigureAwait(false);
        if (!result.HasEnded) throw new OperationCanceledException(run.Token);
        if (run.Failures.Count == 0) return;
        ItemFailure[] failures;
        lock (run.Gate) failures = [.. run.Failures.Select(failure => Failures.Describe(failure, result))];
        throw new PipelineException(failures);
    }

    private async IAsyncEnumerable<Outcome<T>> OutcomesAsync(Cursor cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // A worker that is about to tell of progress may still release it, and it holds no handle.
        var signal = new SemaphoreSlim(0);
#pragma warning restore CA2000
        void OnProgress()
        {
            if (signal.CurrentCount == 0) signal.Release();
        }

        run.Listen(OnProgress);
        try
        {
            int slot = -1;
            while (true)
            {
                Step step;
                Outcome<T> outcome;
                // First, for what comes before the end must be taken.
                bool isOver = run.Completion.IsCompleted;
                lock (run.Gate) (step, outcome) = Next(cursor, ref slot);
                if (run.IsStreaming) run.LetWork();
                if (step == Step.End || (step == Step.Wait && isOver)) break;
                if (step == Step.Element) yield return outcome;
                else await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            run.Unlisten(OnProgress);
        }
    }

    // Under the gate. A slot that is known and not complete is kept for the next time.
    private (Step Step, Outcome<T> Outcome) Next(Cursor cursor, ref int slot)
    {
        if (slot < 0)
        {
            Step step = cursor.TryNext(out slot);
            if (step != Step.Element)
            {
                slot = -1;
                (run.HasNextResult, run.AwaitedSlot) = (false, slot);
                return (step, default);
            }
        }

        CellState state = result.StateOf(slot);
        (run.HasNextResult, run.AwaitedSlot) = (state != CellState.Pending, slot);
        if (state == CellState.Pending) return (Step.Wait, default);
        Outcome<T> outcome = result.FailureOf(slot) is { } failure ? new Outcome<T>(Failures.Describe(failure, result)) : new Outcome<T>(result.ValueOf(slot));
        if (run.IsStreaming)
        {
            run.Delivered++;
            result.Release(slot);
        }

        slot = -1;
        return (Step.Element, outcome);
    }

    private sealed class ArrivalCursor(Evaluation run) : Cursor
    {
        private int next;

        public override Step TryNext(out int slot)
        {
            slot = next < run.Arrivals.Count ? run.Arrivals[next] : -1;
            if (slot >= 0)
            {
                next++;
                return Step.Element;
            }

            return run.Result.HasEnded ? Step.End : Step.Wait;
        }
    }
}
