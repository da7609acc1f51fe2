using System.Diagnostics;
using Leat.Diagnostics;
using Leat.Pools;
using Leat.Storage;

namespace Leat.Calls;

/// <summary>
/// One run of something deferred. Each node gets the elements of its inputs as they complete, and completes its own; the news of
/// that wait in a queue, so that chains of any length need no stack.
/// </summary>
/// <remarks>
/// One gate guards the nodes, the queue and the executors' queues. Author's code, encoding, files and pools are used outside of it.
/// <code>
///   Running --all nodes have ended--> Completed        Running --Cancel--> Cancelled (when all calls have returned, or 2 s later)
/// </code>
/// </remarks>
internal sealed partial class Evaluation
{
    private const int Ended = -1;
    private const int Moved = -2;

    private readonly Queue<(CallNode Node, int Slot)> news = [];
    private readonly Dictionary<Pool, Executor> executors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, FunctionIdentity> identities = new(ReferenceEqualityComparer.Instance);
    private readonly List<CallNode> nodes = [];
    private readonly List<CallFailure> failures = [];
    private readonly List<Task> pulls = [];
    private readonly List<IDisposable> holds = [];
    private readonly HashSet<Cache> held = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CallNode, Places> places = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource cancellation = new();
    private readonly CancellationTokenRegistration registration;
    private readonly Activity? activity;
    private readonly Pool pool;
    private readonly int? window;
    private TaskCompletionSource? hunger;
    private Action? progress;
    private int openNodes;

    /// <summary>Starts a run.</summary>
    /// <param name="result">What is asked for.</param>
    /// <param name="pool">Where calls run that do not say it themselves; null for threads, as many as the machine has cores.</param>
    /// <param name="window">How many results may wait to be taken; null when they are all kept.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public Evaluation(Deferred result, Pool? pool, int? window, CancellationToken cancellationToken)
    {
        this.pool = pool ?? new ThreadsPool(Environment.ProcessorCount);
        this.window = window;
        Token = cancellation.Token;
        StartedAt = Stopwatch.GetTimestamp();
        activity = Instruments.Start("leat.calls", "leat.result", () => result.Name);
        try
        {
            Result = Build(result);
        }
        catch (Exception)
        {
            foreach (IDisposable hold in holds) hold.Dispose();
            activity?.Stop();
            throw;
        }

        if (window is null) Result.LastingUsers++;
        else Result.SingleUsers++;
        Result.NeedsValues = true;
        openNodes = nodes.Count;
        lock (Gate)
        {
            // The last inputs first: so products start with combinations that stand at the front of their order.
            for (int i = nodes.Count - 1; i >= 0; i--) nodes[i].Start();
            foreach (CallNode node in nodes) EndIfDue(node);
            Drain();
        }

        registration = cancellationToken.UnsafeRegister(static it => ((Evaluation)it!).Cancel(), this);
        Pump();
        EndIfDone();
    }

    public Lock Gate { get; } = new();

    public CancellationToken Token { get; }

    /// <summary>The culture and the asynchronous locals of who started it.</summary>
    public ExecutionContext? Context { get; } = ExecutionContext.Capture();

    /// <summary>When it was started, by the machine's stopwatch.</summary>
    public long StartedAt { get; }

    /// <summary>The node whose elements are the results.</summary>
    public CallNode Result { get; }

    /// <summary>What became of the calls of each function.</summary>
    public List<(CallNode Node, CallLog Log)> Logs { get; } = [];

    /// <summary>Results in the order in which they came.</summary>
    public List<int> Arrivals { get; } = [];

    /// <summary>How many results were taken by who takes them one by one.</summary>
    public int Delivered { get; set; }

    /// <summary>The result that who takes them one by one waits for; -1 when it is not known which that is.</summary>
    public int AwaitedSlot { get; set; } = -1;

    /// <summary>True when the next result in order is there to be taken.</summary>
    public bool HasNextResult { get; set; }

    public bool IsCancelled => Token.IsCancellationRequested;

    /// <summary>
    /// True when enough results wait to be taken. If the next one is not among them it is waited for as long as anything runs,
    /// which may be what it needs; then one call after the other is made.
    /// </summary>
    public bool HoldsBack => window is { } most && Result.Completed - Delivered >= most && (HasNextResult || Running > 0);

    /// <summary>True when results are forgotten once they were taken.</summary>
    public bool IsStreaming => window is not null;

    /// <summary>All calls that have failed, the first one first.</summary>
    public IReadOnlyList<CallFailure> Failures => failures;

    public int Running => executors.Values.Sum(executor => executor.Running);

    /// <summary>Calls a listener when there may be something new of the results; from any thread, and it must be quick.</summary>
    public void Listen(Action listener)
    {
        lock (Gate) progress += listener;
    }

    /// <summary>Ends that.</summary>
    public void Unlisten(Action listener)
    {
        lock (Gate) progress -= listener;
    }

    /// <summary>Says who makes the calls that shall run on a pool.</summary>
    public Executor ExecutorOf(Pool? chosen)
    {
        Pool where = chosen ?? pool;
        if (!executors.TryGetValue(where, out Executor? executor))
        {
            executors.Add(where, executor = where is ThreadsPool threads ? new ThreadsExecutor(this, threads) : new ProcessExecutor(this, (ProcessPool)where));
        }

        return executor;
    }

    /// <summary>What a function is in keys during this run.</summary>
    public FunctionIdentity IdentityOf<TOut>(CallFunction<TOut> function)
    {
        if (!identities.TryGetValue(function, out FunctionIdentity? identity)) identities.Add(function, identity = function.Identify());
        return identity;
    }

    /// <summary>Keeps what a cache has found from being collected as long as the run lasts.</summary>
    public void Hold(Cache cache)
    {
        if (held.Add(cache)) holds.Add(cache.Hold());
    }

    /// <summary>The place of an element in the order of its node; -1 if it is not known yet. Under the gate.</summary>
    public long PlaceOf(CallNode node, int slot)
    {
        if (!places.TryGetValue(node, out Places? known)) places.Add(node, known = new Places(node.Space));
        return known.Of(slot);
    }

    /// <summary>An element is complete. Under the gate, as all that follows.</summary>
    public void Tell(CallNode node, int slot) => news.Enqueue((node, slot));

    /// <summary>More may be known of the order of a node's elements.</summary>
    public void TellMoved(CallNode node) => news.Enqueue((node, Moved));

    /// <summary>True when something became known while a worker looked for a call, so that it has to pump.</summary>
    public bool WantsPump { get; set; }

    public void NoteFailure(CallFailure failure) => failures.Add(failure);

    /// <summary>Ends a node that has nothing more to do.</summary>
    public void EndIfDue(CallNode node)
    {
        if (!node.TryEnd()) return;
        openNodes--;
        news.Enqueue((node, Ended));
    }

    /// <summary>Tells all news to whom they concern.</summary>
    public void Drain()
    {
        while (news.TryDequeue(out (CallNode Node, int Slot) each))
        {
            switch (each.Slot)
            {
                case Ended:
                    foreach ((CallNode user, int input) in each.Node.Users)
                    {
                        user.OnInputEnded(input);
                        EndIfDue(user);
                    }

                    break;
                case Moved:
                    foreach ((CallNode user, _) in each.Node.Users) user.OnMoved();
                    break;
                default:
                    foreach ((CallNode user, int input) in each.Node.Users) user.OnElement(input, each.Slot);
                    each.Node.SetTold(each.Slot);
                    if (each.Node == Result) Arrive(each.Slot);
                    EndIfDue(each.Node);
                    break;
            }
        }
    }

    private void Arrive(int slot)
    {
        if (!IsStreaming) Arrivals.Add(slot);
        else if (slot == AwaitedSlot) HasNextResult = true;
    }

    /// <summary>Lets everybody work who has something to do, and tells listeners. Outside of the gate.</summary>
    public void Pump()
    {
        LetWork();
        Action? listener;
        lock (Gate)
        {
            WantsPump = false;
            listener = progress;
        }

        listener?.Invoke();
        EndIfDone();
    }

    /// <summary>Lets everybody work who has something to do. Outside of the gate.</summary>
    public void LetWork()
    {
        foreach (Executor executor in executors.Values) executor.Pump();
        LetSourcesWork();
    }

    /// <summary>Lets sources go on if there is use for what they give. Outside of the gate.</summary>
    public void LetSourcesWork()
    {
        TaskCompletionSource? hungry = null;
        lock (Gate)
        {
            if (HasHungrySources) (hungry, hunger) = (hunger, null);
        }

        hungry?.TrySetResult();
    }

    /// <summary>Waits until there is use for more values of a source; false when there never will be.</summary>
    public Task<bool> WaitForHungerAsync()
    {
        TaskCompletionSource wait;
        lock (Gate)
        {
            if (isOver) return Task.FromResult(false);
            if (IsHungry) return Task.FromResult(true);
            wait = hunger ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return WaitAsync(wait.Task);
    }

    /// <summary>Watches over something that runs beside the calls.</summary>
    public void Watch(Task pull) => pulls.Add(pull);

    private static async Task<bool> WaitAsync(Task wait)
    {
        await wait.ConfigureAwait(false);
        return true;
    }

    /// <summary>True when sources wait, and have no more reason to. Under the gate.</summary>
    public bool HasHungrySources => hunger is not null && IsHungry;

    private bool IsHungry => !HoldsBack && executors.Values.All(executor => executor.IsHungry);

    // From the inputs on, without recursion: chains may be long.
    private CallNode Build(Deferred result)
    {
        Dictionary<Deferred, CallNode> made = new(ReferenceEqualityComparer.Instance);
        Stack<(Deferred Deferred, int Next)> open = new([(result, 0)]);
        while (open.TryPop(out (Deferred Deferred, int Next) each))
        {
            IReadOnlyList<Deferred> inputs = each.Deferred.Inputs;
            if (each.Next < inputs.Count)
            {
                open.Push((each.Deferred, each.Next + 1));
                if (!made.ContainsKey(inputs[each.Next])) open.Push((inputs[each.Next], 0));
                continue;
            }

            if (made.ContainsKey(each.Deferred)) continue;
            CallNode[] from = [.. inputs.Select(input => made[input])];
            CallNode node = each.Deferred.CreateNode(this, from);
            for (int input = 0; input < from.Length; input++) from[input].Users.Add((node, input));
            node.Rank = nodes.Count;
            nodes.Add(node);
            made.Add(each.Deferred, node);
        }

        return made[result];
    }
}
