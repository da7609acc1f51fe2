using System.Globalization;

namespace Leat.Pools;

/// <summary>Starts workers in allocations of a Slurm cluster, of which there are as many as there is work for. Each is one <c>srun</c> with one agent.</summary>
/// <remarks>
/// A loop runs from the first demand to the time when no allocation is left: it looks at what waits, asks for more and gives back what is idle, and
/// asks Slurm now and then what has become of them. It never calls the pool with its lock held, as the pool calls it with its own.
/// </remarks>
internal sealed partial class SlurmLauncher : IWorkerLauncher
{
    // Of so many allocations it is known how they have ended.
    private const int MostGone = 256;

    // How often the queue is asked how an allocation has ended, a second apart.
    private const int MostLooks = 6;

    // How often one that is seen to run is asked about again.
    private const int LooksAtRunning = 2;

    private readonly Lock gate = new();
    private readonly SlurmOptions options;
    private readonly RemotePoolOptions remote;
    private readonly SlurmJobs jobs;
    private readonly bool ownsJobs;
    private readonly bool isForOne;
    private readonly CancellationTokenSource ending = new();
    private readonly List<Allocation> allocations = [];
    private readonly List<AgentLink> links = [];
    private readonly List<Task> tasks = [];
    private readonly Queue<Allocation> gone = [];
    private TaskCompletionSource change = NewChange();
    private volatile int places;
    private volatile bool isWanted;
    private bool isRunning;
    private long refusedBefore;

    /// <summary>Asks for allocations as an author wants them.</summary>
    public SlurmLauncher(SlurmOptions options)
        : this(Checked(options), new SlurmJobs(), isForOne: false) => ownsJobs = true;

    /// <summary>Asks for allocations of another shape, beside those of a pool.</summary>
    /// <param name="options">What each of them is.</param>
    /// <param name="jobs">What the pool has in the queue.</param>
    /// <param name="isForOne">True for one that is there for a single piece of work, which has all of its time.</param>
    public SlurmLauncher(SlurmOptions options, SlurmJobs jobs, bool isForOne)
    {
        this.options = options;
        this.jobs = jobs;
        this.isForOne = isForOne;
        remote = new RemotePoolOptions { ConnectTimeout = options.ConnectTimeout, GiveUpAfter = options.GiveUpAfter, LongestPause = options.LongestPause };
    }

    /// <summary>How many workers there can be when Slurm gives all that may be asked for.</summary>
    public int All => options.Workers * options.Maximum;

    /// <summary>What each allocation is.</summary>
    public SlurmOptions Options => options;

    /// <summary>What the pool has in the queue.</summary>
    public SlurmJobs Jobs => jobs;

    public int Places => places;

    // Each allocation has what its workers need, and no more.
    public bool StartsAhead => false;

    // Also while there is no allocation.
    public bool IsRemote => true;

    public IReadOnlyList<HostStats> Hosts
    {
        get
        {
            lock (gate)
            {
                return [.. allocations.Select(each => new HostStats(each.Name, each.Places, each.Workers.Count + each.Starting, each.State, each.Fault, each.Link?.AgentMemory ?? 0))];
            }
        }
    }

    public long Refused
    {
        get
        {
            lock (gate)
            {
                return refusedBefore + links.Sum(link => link.Refused);
            }
        }
    }

    public LauncherWatchers Watchers { get; } = new();

    public void NoteDemand()
    {
        if (isWanted) return;
        lock (gate)
        {
            isWanted = true;
            if (isRunning || ending.IsCancellationRequested) return;
            isRunning = true;
            Keep(Task.Run(ControlAsync));
        }
    }

    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken).ConfigureAwait(false) is not (var place, var link)) return null;

        WorkerConnection? worker = null;
        try
        {
            worker = await link.StartAsync(output, cancellationToken).ConfigureAwait(false);
            return worker;
        }
        finally
        {
            lock (gate)
            {
                place.Starting--;
                if (worker is not null) place.Workers.Add(worker);
                else Announce();
            }

            if (worker is not null) _ = ReleaseAtEndAsync(place, worker);
        }
    }

    public async ValueTask EndAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        AgentLink[] all;
        Task[] open;
        Allocation[] coming;
        lock (gate)
        {
            all = [.. links];
            coming = [.. allocations.Where(each => each.Link is null)];
            foreach (Allocation each in allocations) each.IsEnding = true;
            open = [.. tasks];
        }

        // Who owns them sees to it that nothing is left in the queue.
        await Task.WhenAll(coming.Select(each => ownsJobs ? each.Attempt.CancelAsync() : AbandonAsync(each))).ConfigureAwait(false);
        await Task.WhenAll([.. all.Select(link => link.EndAsync()), .. open]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(all.Select(link => link.Over)).ConfigureAwait(false);
        if (ownsJobs) await jobs.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>How the allocation has ended that has a name; null where it is still there, was given back, or nobody knows.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isSigned">True when something in it was ended in a way in which Slurm ends it: then it may be about to end.</param>
    public async Task<AgentEnd?> EndOfAsync(string name, bool isSigned)
    {
        Allocation? found;
        lock (gate) found = allocations.Concat(gone).FirstOrDefault(each => each.Name == name);
        if (found is null) return null;
        for (int i = 0; i < MostLooks; i++)
        {
            if (found.Ended.Task.IsCompleted || found.Link is { Lost: not null }) return await found.Ended.Task.ConfigureAwait(false);
            if (!isSigned || await jobs.AskAsync(Environment.TickCount64, ending.Token).ConfigureAwait(false) is not { } seen) return null;

            // What is to end gets a signal first, and Slurm says so a moment later.
            if (i >= LooksAtRunning && seen.TryGetValue(found.Job, out QueuedJob job) && job.State == "RUNNING") return null;
            await ((Task)found.Ended.Task).WaitAsync(Tick, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>How long the allocation that has a name may last, or might have lasted; null where nobody knows, or for as long as it likes.</summary>
    public TimeSpan? LimitOf(string name)
    {
        lock (gate) return allocations.Concat(gone).FirstOrDefault(each => each.Name == name)?.Limit;
    }

    // The allocation with most free places, of which one is taken; null when there is none. Those that are about to become free are waited for.
    private async Task<(Allocation Allocation, AgentLink Link)?> FindAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (ending.IsCancellationRequested || allocations.Where(each => each.State == HostState.Up && each.IsWanted).MaxBy(each => each.Free) is not { } best) return null;
                if (best.Free > 0)
                {
                    best.Starting++;
                    return (best, best.Link!);
                }

                next = change.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The lock is held.
    private void Announce()
    {
        change.TrySetResult();
        change = NewChange();
    }

    private static SlurmOptions Checked(SlurmOptions options)
    {
        void AtLeast(string option, long value, long least)
        {
            if (value < least) throw SlurmErrors.OutOfRange(option, value, string.Create(CultureInfo.InvariantCulture, $"at least {least}"));
        }

        void Lasts(string option, TimeSpan value, int seconds)
        {
            if (value < TimeSpan.FromSeconds(seconds)) throw SlurmErrors.OutOfRange(option, value, string.Create(CultureInfo.InvariantCulture, $"at least {seconds} s"));
        }

        AtLeast(nameof(options.Workers), options.Workers, 1);
        AtLeast(nameof(options.Cores), options.Cores, 1);
        AtLeast(nameof(options.Memory), options.Memory, 0);
        AtLeast(nameof(options.Gpus), options.Gpus, 0);
        AtLeast(nameof(options.Minimum), options.Minimum, 0);
        AtLeast(nameof(options.Maximum), options.Maximum, Math.Max(1, options.Minimum));
        Lasts(nameof(options.Time), options.Time ?? TimeSpan.MaxValue, 60);
        Lasts(nameof(options.IdleTime), options.IdleTime, 0);
        Lasts(nameof(options.DrainTime), options.DrainTime, 0);
        Lasts(nameof(options.StatusPeriod), options.StatusPeriod, 1);
        Lasts(nameof(options.ConnectTimeout), options.ConnectTimeout, 1);
        Lasts(nameof(options.GiveUpAfter), options.GiveUpAfter, 5);
        Lasts(nameof(options.LongestPause), options.LongestPause, 1);
        return options;
    }

    private async Task ReleaseAtEndAsync(Allocation place, WorkerConnection worker)
    {
        await worker.WaitForEndAsync().ConfigureAwait(false);
        lock (gate)
        {
            place.Workers.Remove(worker);
            Announce();
        }
    }

    // The lock is held.
    private void Ask()
    {
        (int number, string job) = jobs.Begin();
        var transport = new SlurmTransport(job, number, options);
        var allocation = new Allocation(job, transport, new HostConnector(transport, remote), options.Workers);
        allocations.Add(allocation);
        Keep(Task.Run(() => ConnectAsync(allocation)));
    }

    private async Task ConnectAsync(Allocation allocation)
    {
        try
        {
            AgentLink link = await allocation.Connector.ConnectAsync(patience: null, static () => { }, (link, reason) => OnLost(allocation, link, reason), allocation.Attempt.Token).ConfigureAwait(false);
            string? lost;
            lock (gate)
            {
                links.Add(link);
                lost = link.Lost;
                if (lost is null)
                {
                    allocation.SetUp(link);
                    failures = silences = 0;
                }

                Update();
            }

            if (allocation.IsEnding || ending.IsCancellationRequested) await link.EndAsync("it is not needed any more").ConfigureAwait(false);
            if (lost is not null) OnGone(allocation, link, lost, refusal: null);
            Watchers.OnPlacesChanged();
        }
        catch (Exception error)
        {
            LeatException? fault = allocation.Refusal ?? error as LeatException;
            bool isTransient = fault is null or { Code: SlurmErrors.UnreachableCode or SlurmErrors.EndedCode or RemoteErrors.UnreachableCode or RemoteErrors.SilentCode };
            OnGone(allocation, link: null, (fault ?? error).Message, isTransient ? null : fault);
        }
    }

    private void OnLost(Allocation allocation, AgentLink link, string reason)
    {
        lock (gate)
        {
            // It was not up yet, and who connects it sees it.
            if (allocation.Link != link) return;
        }

        OnGone(allocation, link, reason, refusal: null);
    }

    // An allocation is no more, by whomever.
    private void OnGone(Allocation allocation, AgentLink? link, string fault, LeatException? refusal)
    {
        bool isNews;
        lock (gate)
        {
            if (!allocations.Remove(allocation)) return;
            gone.Enqueue(allocation);
            if (gone.Count > MostGone) gone.Dequeue();
            isNews = !allocation.IsEnding && !ending.IsCancellationRequested;
            if (isNews) Pause(refusal);
            Update();
        }

        if (link is not null) _ = ForgetAsync(link);
        if (isNews && link is null) Tell(fault);
        _ = CloseAsync(allocation, link, isNews && link is not null ? fault : null, isCertain: refusal is not null);
        Watchers.OnPlacesChanged();
    }

    private async Task CloseAsync(Allocation allocation, AgentLink? link, string? fault, bool isCertain)
    {
        try
        {
            if (fault is not null)
            {
                AgentEnd? end = allocation.Said ?? await LookForEndAsync(allocation).ConfigureAwait(false);
                Tell($"{allocation.Name} was lost: {end?.Reason ?? fault.TrimEnd('.')}.");
                allocation.Ended.TrySetResult(end);
            }

            // An srun that was ended by force has left its job; in the end, who owns all jobs looks after it.
            if (link is not null) await link.Over.ConfigureAwait(false);
            if (!isCertain && link?.WasKilled != false) await SlurmJobs.CancelAsync(allocation.Job, ownsJobs ? ending.Token : CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            allocation.Ended.TrySetResult(null);
            jobs.Forget(allocation.Job);
        }
    }

    // What srun did not say before it ended the queue may know.
    private async Task<AgentEnd?> LookForEndAsync(Allocation allocation)
    {
        for (int i = 0; i < MostLooks && !ending.IsCancellationRequested; i++)
        {
            // As long as its processes are being ended the queue says no more than that.
            if (await jobs.AskAsync(Environment.TickCount64, ending.Token).ConfigureAwait(false) is not { } seen || !seen.TryGetValue(allocation.Job, out QueuedJob job)) return null;
            if ((SlurmEnds.OfState(job.State) ?? SlurmEnds.OfReason(job.Reason)) is { } end) return end;
            if (job.State != "COMPLETING") return null;
        }

        return null;
    }

    private async Task ForgetAsync(AgentLink link)
    {
        await link.Over.ConfigureAwait(false);
        lock (gate)
        {
            if (links.Remove(link)) refusedBefore += link.Refused;
        }
    }

    // The lock is held.
    private void Update()
    {
        places = allocations.Where(each => each.State == HostState.Up && each.IsWanted).Sum(each => each.Places);
        Announce();
    }

    // The lock is held.
    private void Keep(Task task)
    {
        tasks.RemoveAll(each => each.IsCompleted);
        tasks.Add(task);
    }
}
