namespace Leat.Pools;

/// <summary>One host of a launcher, for those who say where their work runs.</summary>
internal sealed class HostMachine(AgentLauncher launcher, RemoteHost host) : IMachine, IWorkerLauncher
{
    public string Name => host.Name;

    public int Size => host.Places;

    public HostState State => launcher.Look(() => host.State);

    public long Memory => launcher.Look(() => host.Link?.Memory ?? 0);

    public IReadOnlyList<string> Gpus => launcher.Look(() => host.Link?.Gpus ?? []);

    public IWorkerLauncher Launcher => this;

    public WorkerOutputs? Outputs => null;

    public LauncherWatchers Watchers { get; } = new();

    // As long as it is not there, nothing is to be started ahead.
    public int Places => State == HostState.Up ? host.Places : 0;

    public void Connect() => launcher.Connect(host);

    public void GiveUp(Exception fault) => launcher.GiveUp(host, fault.Message);

    public Task<WorkerConnection?> StartAsync(Action<string, bool> output, CancellationToken cancellationToken) => launcher.StartOnAsync(host, output, cancellationToken);

    // What waits for a host that is gone goes to another one, and not to this one when it comes again. The pool's lock is held.
    public void NoteDemand()
    {
        if (State != HostState.Up) _ = Task.Run(OnChanged);
    }

    /// <summary>The host is there, or is not any more.</summary>
    public void OnChanged()
    {
        if (State == HostState.Up) Watchers.OnPlacesChanged();
        else OnLost();
    }

    private void OnLost() => Watchers.OnHopeless(RemoteErrors.MachineLost(host.Name, launcher.Look(() => host.Fault)));
}
