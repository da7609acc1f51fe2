namespace Leat.Pools;

/// <summary>Starts workers by several launchers: where most places are free.</summary>
internal sealed class CombinedLauncher : IWorkerLauncher, ILauncherWatcher
{
    private readonly Lock gate = new();
    private readonly Part[] parts;
    private string told = "";

    public CombinedLauncher(IEnumerable<(IWorkerLauncher Launcher, int Size, WorkerOutputs Outputs)> parts)
    {
        this.parts = [.. parts.Select(part => new Part(part.Launcher, part.Size, part.Outputs))];
        Machines = [.. this.parts.SelectMany(static part => part.Launcher.Machines is { Count: > 0 } some
            ? some.Select(IMachine (machine) => new PartMachine(machine, part.Outputs))
            : [new ThisMachine(part.Launcher, part.Size, part.Outputs)])];
        foreach (Part part in this.parts) part.Launcher.Watchers?.Add(this);
    }

    /// <summary>True when one of them asks a Slurm cluster for allocations.</summary>
    public bool HasSlurm => parts.Any(static part => part.Launcher is SlurmLauncher or CombinedLauncher { HasSlurm: true });

    public int Places => parts.Sum(part => part.Places);

    public bool IsRemote => Array.Exists(parts, part => part.Launcher.IsRemote);

    public IReadOnlyList<HostStats> Hosts => [.. parts.SelectMany(part => part.Launcher.Hosts)];

    public IReadOnlyList<IMachine> Machines { get; }

    public long Refused => parts.Sum(part => part.Launcher.Refused);

    public LauncherWatchers Watchers { get; } = new();

    public void NoteDemand()
    {
        foreach (Part part in parts) part.Launcher.NoteDemand();
    }

    public async Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken)
    {
        Part part;
        lock (gate)
        {
            if (parts.Where(each => each.Places > 0).MaxBy(each => each.Places - each.Workers) is not { } best) return null;
            part = best;
            part.Workers++;
        }

        WorkerConnection? worker = null;
        try
        {
            worker = await part.Launcher.StartAsync(output, cancellationToken).ConfigureAwait(false);
            if (worker is null) return null;
            worker.Outputs = part.Outputs;
            _ = ReleaseAtEndAsync(part, worker);
            return worker;
        }
        finally
        {
            if (worker is null) Release(part);
        }
    }

    public async ValueTask EndAsync()
    {
        foreach (Part part in parts) await part.Launcher.EndAsync().ConfigureAwait(false);
    }

    public void OnPlacesChanged() => Watchers.OnPlacesChanged();

    // Only when nothing is left of any of them.
    public bool OnHopeless(Exception error)
    {
        if (!parts.Any(part => part.Places > 0 && part.Launcher.Hosts.All(host => host.State == HostState.Up))) return Watchers.OnHopeless(error);
        if (Interlocked.Exchange(ref told, error.Message) != error.Message) Watchers.OnTold($"{error.Message}\n");
        return false;
    }

    public void OnTold(string text) => Watchers.OnTold(text);

    public int Waiting => Watchers.Waiting;

    public WorkerUse UseOf(Predicate<WorkerConnection> which) => Watchers.UseOf(which);

    public void Retire(Predicate<WorkerConnection> which) => Watchers.Retire(which);

    private async Task ReleaseAtEndAsync(Part part, WorkerConnection worker)
    {
        await worker.WaitForEndAsync().ConfigureAwait(false);
        Release(part);
    }

    private void Release(Part part)
    {
        lock (gate)
        {
            part.Workers--;
        }
    }

    // A part's machine, whose workers write where the part says.
    private sealed class PartMachine(IMachine machine, WorkerOutputs outputs) : IMachine
    {
        public string? Name => machine.Name;

        public int Size => machine.Size;

        public HostState State => machine.State;

        public long Memory => machine.Memory;

        public IReadOnlyList<string> Gpus => machine.Gpus;

        public IWorkerLauncher Launcher => machine.Launcher;

        public WorkerOutputs Outputs => machine.Outputs ?? outputs;

        public void Connect() => machine.Connect();

        public void GiveUp(Exception fault) => machine.GiveUp(fault);
    }

    private sealed class Part(IWorkerLauncher launcher, int size, WorkerOutputs outputs)
    {
        public IWorkerLauncher Launcher => launcher;

        public int Size => size;

        public WorkerOutputs Outputs => outputs;

        public int Places => Math.Min(size, launcher.Places);

        public int Workers { get; set; }
    }
}
