using System.Globalization;

namespace Leat.Pools;

/// <summary>Starts workers on other machines, by way of an agent on each, which is brought up when it is first needed.</summary>
internal sealed class AgentLauncher : IWorkerLauncher
{
    // After so long without an answer of those that are being connected, another one is tried.
    private static readonly TimeSpan Hesitation = TimeSpan.FromSeconds(2);

    // So long after its time a host may still say why it did not come.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1.5);

    private readonly Lock gate = new();
    private readonly RemoteHost[] hosts;
    private readonly HostMachine[] machines;
    private readonly RemotePoolOptions options;
    private readonly CancellationTokenSource ending = new();
    private readonly List<AgentLink> links = [];
    private readonly List<Task> attempts = [];
    private TaskCompletionSource change = NewChange();
    private int failures;
    private int waiting;
    private volatile int places;
    private volatile bool isWaited;
    private volatile bool hasEnough;
    private long refusedBefore;

    public AgentLauncher(IEnumerable<(IHostTransport Transport, int Places)> hosts, RemotePoolOptions options)
    {
        this.options = Checked(options);
        this.hosts = [.. hosts.Select(host => new RemoteHost(new HostConnector(host.Transport, options), host.Places >= 1 ? host.Places : throw PoolErrors.NoWorkers(host.Places)))];
        if (this.hosts.Length < options.Minimum) throw RemoteErrors.OutOfRange(nameof(options.Minimum), options.Minimum, string.Create(CultureInfo.InvariantCulture, $"at least 1, and at most the number of hosts, {this.hosts.Length}"));
        machines = [.. this.hosts.Select(host => new HostMachine(this, host))];
        places = All;
    }

    /// <summary>How many workers there can be when all hosts are there.</summary>
    public int All => hosts.Sum(host => host.Places);

    public int Places => places;

    public IReadOnlyList<HostStats> Hosts
    {
        get
        {
            lock (gate)
            {
                return [.. hosts.Select(host => new HostStats(host.Name, host.Places, host.Workers, host.State, host.Fault, host.Link?.AgentMemory ?? 0))];
            }
        }
    }

    public IReadOnlyList<IMachine> Machines => machines;

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

    // Watches over the time in which there are too few, from the first that waits for them.
    public void NoteDemand()
    {
        if (isWaited || hasEnough) return;
        lock (gate)
        {
            if (isWaited || ending.IsCancellationRequested || hasEnough) return;
            isWaited = true;
            foreach (RemoteHost host in hosts.Where(host => !host.IsRefused)) host.Wake();
            Update();
            foreach (RemoteHost host in hosts.Take(options.Minimum)) BeginConnecting(host);
        }

        _ = Task.Run(WatchDemandAsync);
    }

    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken).ConfigureAwait(false) is { } host ? await StartThereAsync(host, isCommon: true, output, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Starts a worker on one host, if that is there.</summary>
    public async Task<WorkerConnection?> StartOnAsync(RemoteHost host, Action<string, bool> output, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (ending.IsCancellationRequested || host.State != HostState.Up) return null;
            host.Workers++;
        }

        return await StartThereAsync(host, isCommon: false, output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at what is known of a host.</summary>
    public T Look<T>(Func<T> look)
    {
        lock (gate) return look();
    }

    /// <summary>Connects a host, unless it is there, or is left alone for a while.</summary>
    public void Connect(RemoteHost host)
    {
        lock (gate)
        {
            if (!ending.IsCancellationRequested) BeginConnecting(host);
        }
    }

    /// <summary>A host can't work, though it is there.</summary>
    public void GiveUp(RemoteHost host, string fault)
    {
        AgentLink link;
        lock (gate)
        {
            if (host.State != HostState.Up) return;
            link = host.Link!;
            host.NoteFault(options.LongestPause);
        }

        GiveUp(host, link, fault);
    }

    // A place on it is taken.
    private async Task<WorkerConnection?> StartThereAsync(RemoteHost host, bool isCommon, Action<string, bool> output, CancellationToken cancellationToken)
    {
        AgentLink? link = Look(() => host.Link);
        WorkerConnection? worker = null;
        try
        {
            worker = link is null ? null : await link.StartAsync(output, cancellationToken).ConfigureAwait(false);
        }
        catch (LeatException error)
        {
            OnStarted(host, link!, error);
        }
        finally
        {
            if (worker is null) Release(host, isCommon);
        }

        if (worker is null) return null;
        worker.Started = error => OnStarted(host, link!, error);
        _ = ReleaseAtEndAsync(host, isCommon, worker);
        return worker;
    }

    private void OnStarted(RemoteHost host, AgentLink link, Exception? error)
    {
        lock (gate)
        {
            // One that was given up meanwhile, or lost, is not what the host has now.
            if (host.Link != link) return;
            if (error is null) host.NoteStart();
            if (error is null || !host.NoteFailedStart()) return;
        }

        GiveUp(host, link, error.Message);
    }

    private void GiveUp(RemoteHost host, AgentLink link, string fault)
    {
        lock (gate)
        {
            if (host.Link != link) return;
            Rest(host, fault, isRefused: true);
        }

        link.Retire();
        OnRested(host);
    }

    public async ValueTask EndAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        AgentLink[] all;
        Task[] open;
        lock (gate)
        {
            all = [.. links];
            open = [.. attempts];
            Announce();
        }

        await Task.WhenAll([.. all.Select(link => link.EndAsync()), .. open]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(all.Select(link => link.Over)).ConfigureAwait(false);
    }

    private static RemotePoolOptions Checked(RemotePoolOptions options)
    {
        if (options.Minimum < 1) throw RemoteErrors.OutOfRange(nameof(options.Minimum), options.Minimum, "at least 1");
        if (options.ConnectTimeout < TimeSpan.FromSeconds(1)) throw RemoteErrors.OutOfRange(nameof(options.ConnectTimeout), options.ConnectTimeout, "at least 1 s");
        if (options.GiveUpAfter < TimeSpan.FromSeconds(5)) throw RemoteErrors.OutOfRange(nameof(options.GiveUpAfter), options.GiveUpAfter, "at least 5 s");
        if (options.LongestPause < TimeSpan.FromSeconds(1)) throw RemoteErrors.OutOfRange(nameof(options.LongestPause), options.LongestPause, "at least 1 s");
        return options;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The host on which a worker is to start, with a place on it taken; null when those that were hoped for did not come.
    private async Task<RemoteHost?> FindAsync(CancellationToken cancellationToken)
    {
        int failed = -1;
        bool isImpatient = false;
        lock (gate) waiting++;
        try
        {
            while (true)
            {
                Task next;
                lock (gate)
                {
                    if (ending.IsCancellationRequested || (failed >= 0 && failed != failures)) return null;
                    failed = failures;
                    RemoteHost? up = hosts.Where(host => host.State == HostState.Up).MaxBy(host => host.Free);
                    if (up is null || up.Free <= 0) ConnectMore(isImpatient);
                    if (up is not null && (up.Free > 0 || !hosts.Any(host => host.State == HostState.Connecting)))
                    {
                        up.Workers++;
                        up.CommonWorkers++;
                        return up;
                    }

                    if (!hosts.Any(host => host.State == HostState.Connecting)) return null;
                    next = change.Task;
                }

                Task pause = Task.Delay(Hesitation, TimeProvider.System, cancellationToken);
                isImpatient = await Task.WhenAny(next, pause).ConfigureAwait(false) == pause;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            lock (gate) waiting--;
        }
    }

    // As many as have places for those that wait, and one more for those that have waited for long.
    private void ConnectMore(bool isImpatient)
    {
        int coming = hosts.Where(host => host.State == HostState.Connecting).Sum(host => host.Places);
        foreach (RemoteHost host in hosts.Where(host => host.State == HostState.Idle).ToArray())
        {
            if (coming >= waiting && !isImpatient) return;
            isImpatient = false;
            coming += host.Places;
            BeginConnecting(host);
        }
    }

    // The lock is held.
    private void BeginConnecting(RemoteHost host)
    {
        if (host.State != HostState.Idle) return;
        host.BeginConnecting();
        attempts.RemoveAll(attempt => attempt.IsCompleted);
        attempts.Add(Task.Run(() => ConnectAsync(host)));
    }

    private async Task ConnectAsync(RemoteHost host)
    {
        try
        {
            AgentLink link = await host.Connector.ConnectAsync(Look(() => host.Patience(options.ConnectTimeout)), () => host.IsReached = true, (link, reason) => OnLost(host, link, reason), ending.Token).ConfigureAwait(false);
            string? lost;
            lock (gate)
            {
                links.Add(link);
                lost = link.Lost;
                if (lost is null) host.SetUp(link);
                Update();
                Announce();
            }

            if (ending.IsCancellationRequested) await link.EndAsync().ConfigureAwait(false);
            if (lost is null)
            {
                OnChanged(host);
                return;
            }

            _ = ForgetAsync(link);
            LeaveAlone(host, lost, isRefused: false);
        }
        catch (Exception error)
        {
            LeaveAlone(host, error.Message, isRefused: error is LeatException { Code: not RemoteErrors.UnreachableCode and not RemoteErrors.SilentCode });
        }
    }

    private void OnLost(RemoteHost host, AgentLink link, string reason)
    {
        _ = ForgetAsync(link);
        lock (gate)
        {
            // It was not up yet, and who connects it sees it; or it was given up before.
            if (host.Link != link) return;
            Rest(host, string.Create(CultureInfo.InvariantCulture, $"It was lost: {reason}"), isRefused: false);
        }

        OnRested(host);
    }

    private async Task ForgetAsync(AgentLink link)
    {
        await link.Over.ConfigureAwait(false);
        lock (gate)
        {
            if (links.Remove(link)) refusedBefore += link.Refused;
        }
    }

    private void LeaveAlone(RemoteHost host, string fault, bool isRefused)
    {
        lock (gate) Rest(host, fault, isRefused);
        OnRested(host);
    }

    // The lock is held; who holds it says so to others when it is not.
    private void Rest(RemoteHost host, string fault, bool isRefused)
    {
        _ = WakeAsync(host, host.Rest(fault, isRefused, options.LongestPause));
        failures++;
        Update();
        Announce();
    }

    // Who works with it learns first that it is gone, and then people why.
    private void OnRested(RemoteHost host)
    {
        OnChanged(host);
        string fault;
        lock (gate)
        {
            fault = host.Fault;
            if (ending.IsCancellationRequested || fault.Length == 0 || !host.IsNews(fault)) return;
        }

        Watchers.OnTold($"The host '{host.Name}' is not used for now. {fault}\n");
    }

    private void OnChanged(RemoteHost host)
    {
        machines[Array.IndexOf(hosts, host)].OnChanged();
        Watchers.OnPlacesChanged();
    }

    private async Task WakeAsync(RemoteHost host, TimeSpan pause)
    {
        int rest = host.Rests;
        await Task.Delay(pause, TimeProvider.System, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending.IsCancellationRequested) return;
        lock (gate)
        {
            // Or it was woken before, and rests again.
            if (host.Rests == rest) host.Wake();
            Update();
        }

        Watchers.OnPlacesChanged();
    }

    private async Task WatchDemandAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task next;
            LeatException? hopeless = null;
            TimeSpan left = options.ConnectTimeout + LastWords - TimeProvider.System.GetElapsedTime(start);
            RemoteHost[] atWork = [.. hosts.Where(IsAtWork)];
            lock (gate)
            {
                if (ending.IsCancellationRequested) return;
                if (hasEnough)
                {
                    isWaited = false;
                    return;
                }

                // What still works on hosts that rest does what there is to do.
                int there = hosts.Count(host => host.IsThere || atWork.Contains(host));
                if (there >= options.Minimum)
                {
                    start = TimeProvider.System.GetTimestamp();
                }
                else if (left <= TimeSpan.Zero || hosts.Count(host => !host.IsRefused || atWork.Contains(host)) < options.Minimum)
                {
                    hopeless = RemoteErrors.TooFew(there, options.Minimum, hosts.Select(host => (host.Name, host.IsThere ? "It is there." : host.Fault.Length > 0 ? host.Fault : "It has not answered yet.")));
                }

                next = change.Task;
            }

            if (hopeless is not null && Watchers.OnHopeless(hopeless))
            {
                WakeAll();
                return;
            }

            // Where others do the work, these come again when their pauses are over.
            TimeSpan patience = hopeless is not null ? options.LongestPause : left > TimeSpan.Zero && atWork.Length == 0 ? left : TimeSpan.FromSeconds(1);
            await Task.WhenAny(next, Task.Delay(patience, TimeProvider.System, ending.Token)).ConfigureAwait(false);
        }
    }

    // Who comes next tries all of them again.
    private void WakeAll()
    {
        lock (gate)
        {
            isWaited = false;
            foreach (RemoteHost host in hosts) host.Wake();
            Update();
        }

        Watchers.OnPlacesChanged();
    }

    // True when it rests, and workers from before have something in hand. The lock is not held, as the pools' are taken.
    private bool IsAtWork(RemoteHost host)
    {
        if (Look(() => host.State != HostState.Resting || host.Workers == 0 || host.IsFaulty)) return false;
        return Watchers.UseOf(IsThere).IsAtWork || machines[Array.IndexOf(hosts, host)].Watchers.UseOf(IsThere).IsAtWork;

        bool IsThere(WorkerConnection worker) => worker.Machine == host.Name;
    }

    private async Task ReleaseAtEndAsync(RemoteHost host, bool isCommon, WorkerConnection worker)
    {
        await worker.WaitForEndAsync().ConfigureAwait(false);
        Release(host, isCommon);
    }

    private void Release(RemoteHost host, bool isCommon)
    {
        lock (gate)
        {
            host.Workers--;
            if (isCommon) host.CommonWorkers--;
            Update();
        }
    }

    // The lock is held.
    private void Update()
    {
        places = hosts.Sum(host => host.CommonPlaces);
        hasEnough = hosts.Count(host => host.State == HostState.Up) >= options.Minimum;
    }

    // The lock is held.
    private void Announce()
    {
        change.TrySetResult();
        change = NewChange();
    }
}
