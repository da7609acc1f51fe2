namespace Leat.Pools;

/// <summary>Starts workers, somewhere.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts a worker and waits until it is connected.</summary>
    /// <param name="output">Is told what the worker writes beside the protocol; true for its standard error.</param>
    /// <param name="cancellationToken">Ends the wait, and the worker.</param>
    /// <returns>The worker; null when there is no place for one at the moment, which is nobody's fault.</returns>
    /// <exception cref="LeatException">It can't be started.</exception>
    Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken);

    /// <summary>How many workers there can be at the moment.</summary>
    int Places => int.MaxValue;

    /// <summary>True when workers may be started ahead, beside those that have something to do.</summary>
    bool StartsAhead => true;

    /// <summary>The machines that it starts workers on, beside this one.</summary>
    IReadOnlyList<HostStats> Hosts => [];

    /// <summary>True when workers may be on other machines.</summary>
    bool IsRemote => Hosts.Count > 0;

    /// <summary>The machines one by one; empty where there is this one only.</summary>
    IReadOnlyList<IMachine> Machines => [];

    /// <summary>How many messages came from machines that had been given up.</summary>
    long Refused => 0;

    /// <summary>Who wants to know of changes; null where nothing changes.</summary>
    LauncherWatchers? Watchers => null;

    /// <summary>Something waits for a worker. Called often, and with the pool's lock held.</summary>
    void NoteDemand()
    {
        // Workers are started when they are asked for, and not before.
    }

    /// <summary>Ends all workers, and starts no more.</summary>
    ValueTask EndAsync() => ValueTask.CompletedTask;
}

/// <summary>Wants to know what becomes of a launcher's machines. It is called without any of the launcher's locks held.</summary>
internal interface ILauncherWatcher
{
    /// <summary>There can be more workers than before, or fewer.</summary>
    void OnPlacesChanged();

    /// <summary>What waits for workers would wait in vain.</summary>
    /// <returns>True when it has failed; false when there are others to do it.</returns>
    bool OnHopeless(Exception error);

    /// <summary>Something happened that people should know of.</summary>
    void OnTold(string text);

    /// <summary>How many handfuls of items wait for a worker.</summary>
    int Waiting => 0;

    /// <summary>What some of the workers do.</summary>
    WorkerUse UseOf(Predicate<WorkerConnection> which) => default;

    /// <summary>Gives some of the workers nothing more; each ends when it has done what it has in hand.</summary>
    void Retire(Predicate<WorkerConnection> which)
    {
        // Who has no workers has none to give back.
    }
}

/// <summary>What workers do.</summary>
/// <param name="IsBusy">True when one of them has something in hand, or a state that is needed.</param>
/// <param name="Pieces">How many handfuls of items they have been given so far.</param>
/// <param name="IsAtWork">True when one of them has something in hand.</param>
internal readonly record struct WorkerUse(bool IsBusy, long Pieces, bool IsAtWork = false)
{
    public WorkerUse And(WorkerUse other) => new(IsBusy || other.IsBusy, Pieces + other.Pieces, IsAtWork || other.IsAtWork);
}

/// <summary>A worker that was started, and the stream to it.</summary>
internal abstract class WorkerConnection : IAsyncDisposable
{
    /// <summary>What is written here the worker reads, and the other way round.</summary>
    public abstract Stream Stream { get; }

    /// <summary>By which the worker proves that it is the one that was started.</summary>
    public abstract ReadOnlyMemory<byte> Token { get; }

    /// <summary>True when writes don't block as long as the worker reads; see <see cref="Outbox"/>.</summary>
    public virtual bool IsDirect => false;

    /// <summary>True when the worker may open this process's shared memory.</summary>
    public virtual bool SharesMemory => false;

    /// <summary>The number of the worker's process; 0 where it is not known.</summary>
    public virtual int ProcessId => 0;

    /// <summary>The machine that it is on; null for this one.</summary>
    public virtual string? Machine => null;

    /// <summary>True when it was lost with its machine, or with the way to it, so that nothing it did can be to blame.</summary>
    public virtual bool IsLostWithMachine => false;

    /// <summary>True when it was told to end, and may not have done so yet.</summary>
    public virtual bool IsKilled => false;

    /// <summary>True when its machine has ended processes, while it was there, because memory had run out.</summary>
    public virtual bool MemoryRanOut => false;

    /// <summary>Where what it writes to its console goes; null for where all of the pool's goes.</summary>
    public WorkerOutputs? Outputs { get; set; }

    /// <summary>
    /// Told, once, what has become of the start: null when the worker is ready, or why it is of no use, which is the machine's fault then and does not
    /// count against the others; null where that is the pool's to deal with.
    /// </summary>
    public Action<Exception?>? Started { get; set; }

    /// <summary>Ends the worker at once, with all that it has started.</summary>
    public abstract void Kill();

    /// <summary>Watches, on its machine, how much memory it has with all that it has started.</summary>
    /// <param name="allowed">How many bytes these may have.</param>
    /// <param name="onTooMuch">Told, once, when they have more: how much. The worker is to be ended then, if it has not been yet.</param>
    /// <returns>Ends the watch; null where nobody watches.</returns>
    public virtual IDisposable? LimitMemory(long allowed, Action<long> onTooMuch) => null;

    /// <summary>Waits until the worker has ended and says how: <c>exit code 3</c>, <c>signal 9 (SIGKILL)</c>.</summary>
    public abstract Task<string> WaitForEndAsync();

    public abstract ValueTask DisposeAsync();
}
