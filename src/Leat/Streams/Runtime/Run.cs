namespace Leat.Streams;

/// <summary>One evaluation of a graph of pipes: its nodes and links, its failures, its end.</summary>
/// <remarks>
/// <code>
///   Running --all workers ended--> Ended
///   Running --Fail--> Failing   (nothing new is pulled; what was made flows out)  --all workers ended--> Ended
///   any     --Cancel--> Cancelled (links are emptied, tokens cancelled)           --all workers ended or abandoned--> Ended
/// </code>
/// </remarks>
internal sealed class Run
{
    /// <summary>How long a cancelled body may take to return before it is left behind.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<Node> nodes = [];
    private readonly List<Link> links = [];
    private readonly List<ItemFailure> failures = [];
    private readonly HashSet<ItemFailure> told = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Type, object> pools = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Lane> parked = [];
    private readonly Queue<Action> steps = [];
    private readonly FlowOptions options;
    private CancellationTokenRegistration registration;
    private Pulse? pulse;
    private RunActivity? activity;
    private int live = 1;
    private bool paused;
    private bool stepping;
    private bool cancelled;
    private bool finishing;
    private volatile bool failing;
    private volatile bool carried;
    private volatile bool stopping;
    private long beat;

    public Run(FlowOptions options) => this.options = options;

    public TimeProvider Clock => options.Clock;

    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Counts the pulse's beats.</summary>
    public long Beat => Volatile.Read(ref beat);

    /// <summary>Completes, always successfully, when nothing of the run is at work any more.</summary>
    public Task Ended => ended.Task;

    public bool IsCancelled => Volatile.Read(ref cancelled);

    /// <summary>True when sources pull no more, because the flow was asked to stop.</summary>
    public bool IsStopping => stopping;

    /// <summary>True when sources may not pull for now. A run that has failed is not paused: what goes on must end.</summary>
    public bool IsPaused => Volatile.Read(ref paused) && !failing;

    public IReadOnlyList<ItemFailure> Failures
    {
        get
        {
            lock (gate)
            {
                return [.. failures];
            }
        }
    }

    /// <summary>Called once before any worker has started: what ends the run well, such as renaming a sink's file.</summary>
    public List<IRunEnd> Ends { get; } = [];

    public void Add(Node node) => nodes.Add(node);

    public void Add(Link link) => links.Add(link);

    public BatchPool<T> PoolOf<T>()
    {
        if (!pools.TryGetValue(typeof(T), out object? pool))
        {
            pool = new BatchPool<T>();
            pools.Add(typeof(T), pool);
        }

        return (BatchPool<T>)pool;
    }

    public void Start(CancellationToken cancellationToken)
    {
        activity = RunActivity.Start(nodes);
        RunRegistry.Add(this);
        pulse = Pulse.Start(this, Clock);
        foreach (Node node in nodes)
        {
            node.Start();
        }

        registration = cancellationToken.UnsafeRegister(static run => ((Run)run!).Cancel(), this);
        WorkerEnded();
    }

    public void WorkerStarted() => Interlocked.Increment(ref live);

    public void WorkerEnded()
    {
        if (Interlocked.Decrement(ref live) == 0)
        {
            Observe(FinishAsync());
        }
    }

    /// <summary>
    /// Records a failure that ends the run: the failed node's consumers still get what was made before, everything
    /// else pulls no more.
    /// </summary>
    public void Fail(Node node, ItemFailure failure)
    {
        node.NoteFailure();
        Record(failure);
        bool first;
        lock (gate)
        {
            first = !failing;
            failing = true;
        }

        if (first)
        {
            HashSet<Node> spared = Downstream(node);
            for (int i = nodes.Count - 1; i >= 0; i--)
            {
                // What only goes into a zip behind the failed node must still give it the other halves, and is closed by it.
                if (!spared.Contains(nodes[i]) && nodes[i].Consumers is { Count: > 0 } users && users.TrueForAll(user => spared.Contains(user) && user.EndsWithAnyInput))
                {
                    spared.Add(nodes[i]);
                }
            }

            foreach (Node other in nodes.Where(other => !spared.Contains(other)))
            {
                other.Cut();
            }

            Unpark();
        }
    }

    /// <summary>Records a failure without any other effect.</summary>
    public void Record(ItemFailure failure)
    {
        lock (gate)
        {
            failures.Add(failure);
        }
    }

    /// <summary>Records a carried failure that has reached the end, where nobody takes outcomes.</summary>
    public void RecordCarried(ItemFailure failure)
    {
        if (failure.Skipped)
        {
            // On its way from a scatter to a gather that there is not.
            return;
        }

        carried = true;
        lock (gate)
        {
            // Behind a tee the same failure arrives at several ends.
            if (!told.Add(failure.Origin))
            {
                return;
            }
        }

        Record(failure);
    }

    public void Cancel()
    {
        lock (gate)
        {
            if (cancelled || finishing)
            {
                return;
            }

            cancelled = true;
        }

        foreach (Node node in nodes)
        {
            node.CancelWork();
        }

        foreach (Link link in links)
        {
            link.Abort();
        }

        Unpark();
    }

    /// <summary>
    /// Does a step that may cause others like it: by a queue and not by recursion, because a pipe may be a hundred thousand
    /// stages long.
    /// </summary>
    public void InTurn(Action step)
    {
        lock (gate)
        {
            steps.Enqueue(step);
            if (stepping)
            {
                return;
            }

            stepping = true;
        }

        while (TakeStep() is { } next)
        {
            next();
        }
    }

    /// <summary>Makes the sources end, as if they had no more items; what was pulled flows out.</summary>
    public void StopPulling()
    {
        stopping = true;
        foreach (Node node in nodes)
        {
            (node as ISourceNode)?.StopPulling();
        }

        Unpark();
    }

    public void Pause()
    {
        Volatile.Write(ref paused, true);
        Interlocked.MemoryBarrier();
        foreach (Node node in nodes)
        {
            (node as ISourceNode)?.Interrupt();
        }
    }

    public void Resume()
    {
        Volatile.Write(ref paused, false);
        Unpark();
    }

    /// <summary>Where a source waits while the run is paused.</summary>
    public ValueTask ParkAsync(Lane lane)
    {
        lock (gate)
        {
            if (!paused || stopping || cancelled || failing)
            {
                return ValueTask.CompletedTask;
            }

            parked.Add(lane);
        }

        return lane.WaitAsync();
    }

    public void Tell(RunEvent happened)
    {
        activity?.Tell(happened);
        try
        {
            options.Events?.Invoke(happened);
        }
        catch (Exception)
        {
            // A listener's fault must not change what it listens to.
        }
    }

    /// <summary>Something of the run starts to work: the pulse must beat.</summary>
    public void NoticeWork() => pulse?.Notice();

    public bool NeedsBeat => nodes.Exists(node => node.NeedsBeat);

    public void OnBeat()
    {
        long now = Interlocked.Increment(ref beat);
        foreach (Node node in nodes)
        {
            node.OnBeat(now);
        }
    }

    /// <summary>Looks after a task that nobody awaits: its failure is not the runtime's business.</summary>
    public static void Observe(Task task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.ContinueWith(
                static done => _ = done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>What the run's outcome is to who waits for it: nothing, or an exception to throw.</summary>
    public Exception? Outcome(CancellationToken cancellationToken)
    {
        IReadOnlyList<ItemFailure> all = Failures;
        if (all.Count > 0 && (failing || carried))
        {
            return new PipelineException(all);
        }

        return IsCancelled ? new OperationCanceledException("The run was cancelled.", cancellationToken) : null;
    }

    private Action? TakeStep()
    {
        lock (gate)
        {
            stepping = steps.TryDequeue(out Action? step);
            return step;
        }
    }

    private async Task FinishAsync()
    {
        bool well;
        lock (gate)
        {
            // From here on it is too late to cancel: the sinks are told how the run has ended.
            finishing = true;
            well = !cancelled && !failing && !carried;
        }

        // All or nothing, as far as that can be known beforehand: what may fail comes before anything is put in its place.
        foreach (IRunEnd end in Ends)
        {
            well = well && await TryAsync(end, end.PrepareAsync).ConfigureAwait(false);
        }

        foreach (IRunEnd end in Ends.OrderBy(end => end.EndsLast))
        {
            bool wellSoFar = well;
            well &= await TryAsync(end, () => end.EndAsync(wellSoFar)).ConfigureAwait(false);
        }

        pulse?.Stop(this);
        RunRegistry.Remove(this);
        await registration.DisposeAsync().ConfigureAwait(false);
        activity?.Stop(Outcome(default) as PipelineException);
        ended.TrySetResult();
    }

    private async Task<bool> TryAsync(IRunEnd end, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
            return true;
        }
        catch (Exception error)
        {
            Record(new ItemFailure(end.Name, -1, null, error));
            failing = true;
            return false;
        }
    }

    private void Unpark()
    {
        List<Lane> lanes;
        lock (gate)
        {
            lanes = [.. parked];
            parked.Clear();
        }

        foreach (Lane lane in lanes)
        {
            lane.Wake();
        }
    }

    private static HashSet<Node> Downstream(Node node)
    {
        HashSet<Node> seen = [node];
        var open = new Stack<Node>(seen);
        while (open.TryPop(out Node? next))
        {
            foreach (Node consumer in next.Consumers.Where(seen.Add))
            {
                open.Push(consumer);
            }
        }

        return seen;
    }
}

/// <summary>Something that must happen when a run has ended, well or not.</summary>
internal interface IRunEnd
{
    string Name { get; }

    /// <summary>True for what tells others of the run's end.</summary>
    bool EndsLast { get; }

    /// <summary>Does what can fail, when the run has ended well so far.</summary>
    Task PrepareAsync();

    /// <summary>Keeps what was made when the run ended <paramref name="well"/>, else removes it.</summary>
    Task EndAsync(bool well);
}

/// <summary>A node that brings items into the run from outside.</summary>
internal interface ISourceNode
{
    /// <summary>True while the author's code is asked for items.</summary>
    bool IsPulling { get; }

    /// <summary>Makes the source look whether it may go on pulling.</summary>
    void Interrupt();

    /// <summary>Ends the source as if it had no more items.</summary>
    void StopPulling();
}
