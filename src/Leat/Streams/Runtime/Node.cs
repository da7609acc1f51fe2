namespace Leat.Streams;

/// <summary>
/// One stage, source, sink or joint of a run: it owns workers, reads links and writes links.
/// </summary>
/// <remarks>
/// A node ends when its workers have ended: because its input ended, because nobody wants its output, because its
/// author's code failed, or because the run was cancelled. Its output link then ends, and its input links close, so
/// that an end travels both ways through the graph without anybody in the middle.
/// </remarks>
internal abstract class Node(Run run, string name)
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly Lock gate = new();
    private Worker[] workers = [];
    private int live;
    private int cancelled;
    private long cancelledAt;
    private long cutAt;
    private bool failed;
    private volatile bool cut;

    public Run Run => run;

    public string Name { get; } = name;

    /// <summary>The nodes that read this one's output.</summary>
    public List<Node> Consumers { get; } = [];

    /// <summary>Cancelled when the node's results are of no more use to anybody.</summary>
    public CancellationToken Token => cancellation.Token;

    public bool IsCancelled => Volatile.Read(ref cancelled) != 0;

    /// <summary>
    /// True when the run has failed elsewhere: the node makes no more of its own accord, but lets what is in it flow out,
    /// for as long as a cancelled body may take.
    /// </summary>
    public bool IsCut => cut;

    /// <summary>The node's workers, ended ones too, but for those in whose place another has come.</summary>
    public Worker[] Workers => Volatile.Read(ref workers);

    /// <summary>True when the author's code failed here and the run ends for it.</summary>
    public bool HasFailed => Volatile.Read(ref failed);

    /// <summary>Bodies that were left behind because they did not return.</summary>
    public int Abandoned;

    public virtual int Queued => 0;

    /// <summary>How many workers there are, for the statistics.</summary>
    public virtual int WorkerCount => Workers.Length;

    /// <summary>False for joints that the author did not write, such as a tee: they stay out of the statistics.</summary>
    public virtual bool IsVisible => true;

    /// <summary>True when the node ends as soon as one of its inputs has failed.</summary>
    public virtual bool EndsWithAnyInput => true;

    /// <summary>Launches the node's workers.</summary>
    public void Start()
    {
        // Counted as a worker itself: the first to be launched may end before the last is.
        lock (gate)
        {
            live++;
        }

        LaunchAll();
        Leave();
    }

    /// <summary>Called every few milliseconds while something of the run is at work, never twice at once.</summary>
    public virtual void OnBeat(long beat)
    {
        foreach (Worker worker in Workers)
        {
            worker.Lane.RescueIfStarved(beat);
        }

        if ((IsCut || HasFailed) && !IsCancelled && run.Clock.GetElapsedTime(cutAt) >= Run.Grace)
        {
            CancelWork();
        }

        if (IsCancelled && run.Clock.GetElapsedTime(cancelledAt) >= Run.Grace)
        {
            AbandonLiveWorkers();
        }
    }

    /// <summary>True when the pulse must go on beating for this node's sake.</summary>
    public virtual bool NeedsBeat => Array.Exists(Workers, w => !w.HasEnded && (IsCancelled || IsCut || HasFailed || w.Lane.IsScheduled));

    /// <summary>The node need not go on: what it still makes is not wanted.</summary>
    public void CancelWork()
    {
        if (Volatile.Read(ref live) == 0 || IsCancelled)
        {
            return;
        }

        cancelledAt = run.Clock.GetTimestamp();
        if (Interlocked.Exchange(ref cancelled, 1) == 0)
        {
            run.InTurn(FinishCancel);
        }
    }

    /// <summary>Notes that the author's code failed here; what is at work on earlier items has some time to finish.</summary>
    public void NoteFailure()
    {
        cutAt = run.Clock.GetTimestamp();
        Volatile.Write(ref failed, true);
        run.NoticeWork();
    }

    /// <summary>Stops making items of its own accord; see <see cref="IsCut"/>.</summary>
    public void Cut()
    {
        cutAt = run.Clock.GetTimestamp();
        cut = true;
        run.NoticeWork();
        OnCut();
    }

    protected virtual void OnCancelled()
    {
    }

    protected virtual void OnCut()
    {
    }

    /// <summary>True when the output, as it stands when the last worker has ended, is all that there is to come.</summary>
    protected virtual bool IsWhole => !HasFailed && !IsCancelled;

    /// <summary>Launches every worker by <see cref="Launch"/>.</summary>
    protected abstract void LaunchAll();

    /// <summary>Ends the output: nothing more comes.</summary>
    protected virtual void EndOutput(LinkEnd end)
    {
    }

    /// <summary>The author's code has failed, and not on a single item: the node does no more.</summary>
    protected virtual void OnBroken() => CloseInputs();

    /// <summary>Closes the input links: the node takes nothing more, and whoever waits for its input need not.</summary>
    protected virtual void CloseInputs()
    {
    }

    /// <summary>Launches a worker; false when the node has ended.</summary>
    protected bool Launch(Worker worker, Func<Task> work, Worker? inPlaceOf = null)
    {
        worker.Stage = Name;
        lock (gate)
        {
            if (live == 0)
            {
                return false;
            }

            workers = [.. workers.Where(other => other != inPlaceOf), worker];
            live++;
        }

        run.WorkerStarted();
        Run.Observe(RunWorkerAsync(worker, work));
        return true;
    }

    /// <summary>Launches a worker in the place of one that has lost its item, with whatever that has counted.</summary>
    protected void Replace(Worker lost, Worker replacement, Func<Task> work)
    {
        replacement.Inherit(lost);
        Launch(replacement, work, lost);
        Abandon(lost);
    }

    /// <summary>Leaves a worker behind whose body does not return.</summary>
    protected void Abandon(Worker worker)
    {
        Interlocked.Increment(ref Abandoned);
        worker.Turn?.Leave();
        run.Tell(new BodyAbandoned(Name));
        End(worker);
    }

    // Once, whoever says so first.
    private void End(Worker worker)
    {
        if (worker.TryEnd())
        {
            Leave();
            run.WorkerEnded();
        }
    }

    private async Task RunWorkerAsync(Worker worker, Func<Task> work)
    {
        bool mayEnd = true;
        try
        {
            await worker.Lane.SwitchAsync().ConfigureAwait(false);
            await work().ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            // Who took the lease ends this worker, after its replacement has started.
            mayEnd = false;
        }
        catch (OperationCanceledException) when (IsCancelled)
        {
            // What was cancelled because nobody wants it any more has not failed.
        }
        catch (Exception error)
        {
            if (!worker.HasEnded)
            {
                worker.CountFailure();
                run.Fail(this, new ItemFailure(Name, -1, null, error));
                OnBroken();
            }
        }
        finally
        {
            worker.Busy = false;
            if (mayEnd)
            {
                End(worker);
            }

            worker.Lane.Close();
        }
    }

    // A wait of the engine's own ends with the cancellation, so who is late is in the author's code.
    private void AbandonLiveWorkers()
    {
        foreach (Worker worker in Workers.Where(w => !w.HasEnded))
        {
            Abandon(worker);
        }
    }

    private void FinishCancel()
    {
        Run.Observe(cancellation.CancelAsync());
        OnCancelled();
        CloseInputs();

        // For those who wait for room: nobody waits for what they would still give.
        EndOutput(LinkEnd.Failed);
        run.NoticeWork();
    }

    private void Leave()
    {
        bool last;
        lock (gate)
        {
            last = --live == 0;
        }

        if (last)
        {
            EndOutput(IsWhole ? LinkEnd.Completed : LinkEnd.Failed);
            CloseInputs();
        }
    }
}
