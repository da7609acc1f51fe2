using System.Globalization;
using System.Security.Cryptography;

namespace Leat.Pools;

/// <summary>Starts workers in allocations of a Slurm cluster, of which there are as many as there is work for. Each is one <c>srun</c> with one agent.</summary>
/// <remarks>
/// A loop runs from the first demand to the time when no allocation is left: it looks at what waits, asks for more and gives back what is idle, and
/// asks Slurm now and then what has become of them. It never calls the pool with its lock held, as the pool calls it with its own.
/// </remarks>
internal sealed partial class SlurmLauncher : IWorkerLauncher
{
    // How often the queue is asked how an allocation has ended, a second apart.
    private const int MostLooks = 6;

    private readonly Lock gate = new();
    private readonly SlurmOptions options;
    private readonly RemotePoolOptions remote;
    private readonly string stem;
    private readonly CancellationTokenSource ending = new();
    private readonly List<Allocation> allocations = [];
    private readonly List<AgentLink> links = [];
    private readonly List<Task> tasks = [];
    private SlurmKeeper? keeper;
    private volatile int places;
    private volatile bool isWanted;
    private bool isRunning;
    private int last;
    private long refusedBefore;

    public SlurmLauncher(SlurmOptions options)
    {
        this.options = Checked(options);
        remote = new RemotePoolOptions { ConnectTimeout = options.ConnectTimeout, GiveUpAfter = options.GiveUpAfter, LongestPause = options.LongestPause };
        string program = string.Concat((System.Reflection.Assembly.GetEntryAssembly()?.GetName().Name ?? "program").Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        stem = $"leat-{program}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
    }

    /// <summary>How many workers there can be when Slurm gives all that may be asked for.</summary>
    public int All => options.Workers * options.Maximum;

    public int Places => places;

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
        Allocation place;
        AgentLink link;
        lock (gate)
        {
            if (ending.IsCancellationRequested || allocations.Where(each => each.State == HostState.Up && each.IsWanted).MaxBy(each => each.Free) is not { } best) return null;
            (place, link) = (best, best.Link!);
            place.Starting++;
        }

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
            }

            if (worker is not null) _ = ReleaseAtEndAsync(place, worker);
        }
    }

    public async ValueTask EndAsync()
    {
        await ending.CancelAsync().ConfigureAwait(false);
        AgentLink[] all;
        Task[] open;
        CancellationTokenSource[] attempts;
        lock (gate)
        {
            all = [.. links];
            attempts = [.. allocations.Select(each => each.Attempt)];
            foreach (Allocation each in allocations) each.IsEnding = true;
            open = [.. tasks];
        }

        foreach (CancellationTokenSource attempt in attempts) await attempt.CancelAsync().ConfigureAwait(false);

        await Task.WhenAll([.. all.Select(link => link.EndAsync()), .. open]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(all.Select(link => link.Over)).ConfigureAwait(false);
        if (keeper is not null) await keeper.DisposeAsync().ConfigureAwait(false);
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
        }
    }

    // The lock is held.
    private void Ask()
    {
        keeper ??= SlurmKeeper.TryStart(stem);
        string job = string.Create(CultureInfo.InvariantCulture, $"{stem}.{++last}");
        var transport = new SlurmTransport(job, last, options);
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
                    failures = 0;
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
            isNews = !allocation.IsEnding && !ending.IsCancellationRequested;
            if (isNews) Pause(refusal);
            Update();
        }

        if (link is not null) _ = ForgetAsync(link);
        if (isNews && link is null) Tell(fault);
        if (!ending.IsCancellationRequested && refusal is null) _ = CloseAsync(allocation, isNews && link is not null ? fault : null);
        Watchers.OnPlacesChanged();
    }

    // What srun did not say before it ended the queue may know.
    private async Task CloseAsync(Allocation allocation, string? fault)
    {
        if (fault is not null)
        {
            string? end = null;
            for (int i = 0; i < MostLooks && end is null && !ending.IsCancellationRequested; i++)
            {
                // As long as its processes are being ended the queue says no more than that.
                if (i > 0) await Task.Delay(Tick, TimeProvider.System, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Dictionary<string, QueuedJob>? jobs = await QueuedJob.AskAsync([allocation.Job], ending.Token).ConfigureAwait(false);
                if (jobs is null || !jobs.TryGetValue(allocation.Job, out QueuedJob job)) break;
                end = SlurmEnds.OfState(job.State);
                if (job.State != "COMPLETING") break;
            }

            Tell($"{allocation.Name} was lost: {end ?? fault.TrimEnd('.')}.");
        }

        // An srun that was ended by force, or can't be heard, may have left its job.
        await SlurmCommand.CancelAsync(allocation.Job).ConfigureAwait(false);
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
    private void Update() => places = allocations.Where(each => each.State == HostState.Up && each.IsWanted).Sum(each => each.Places);

    // The lock is held.
    private void Keep(Task task)
    {
        tasks.RemoveAll(each => each.IsCompleted);
        tasks.Add(task);
    }
}
