using Leat.Pools;

namespace Leat.Jobs;

// On which machines jobs run, where the pool has several. Each that is there is a worker of the scheduler's.
internal sealed partial class RunEngine : ILauncherWatcher
{
    // After so long without an answer of those that are being connected, another one is tried.
    private static readonly TimeSpan Hesitation = TimeSpan.FromSeconds(2);

    // So long jobs that fit on none of the machines that are there wait for the others.
    private static readonly TimeSpan MachinePatience = TimeSpan.FromMinutes(2);

    // Of each of the scheduler's workers.
    private readonly List<int> machineOf = [];
    private IReadOnlyList<IMachine> machines = [];
    private int[] workerOf = [];
    private bool isHesitating;
    private bool isStalled;
    private int stalls;
    private int starts;

    void ILauncherWatcher.OnPlacesChanged() => inbox.Writer.TryWrite(LookAtMachines);

    // What has succeeded is recorded: the next run goes on behind it.
    bool ILauncherWatcher.OnHopeless(Exception error) => inbox.Writer.TryWrite(() =>
    {
        if (scheduler.Open == 0) return;
        trouble ??= error;
        BeginStop();
    });

    void ILauncherWatcher.OnTold(string text) => Warn(text.TrimEnd());

    private ProcessPool? PoolOfMachines => options.Pool is ProcessPool { Machines.Count: > 0 } pool ? pool : null;

    private bool IsNoMachineThere => machines.Count > 0 && Array.TrueForAll(workerOf, worker => worker < 0);

    private void BeginMachines(ProcessPool pool)
    {
        machines = pool.Machines;
        workerOf = [.. machines.Select(_ => -1)];
        pool.Watchers?.Add(this);
        LookAtMachines();
    }

    private void LookAtMachines()
    {
        // First those that are gone: what they had of the run's cores is for others.
        for (int i = 0; i < machines.Count; i++)
        {
            if (workerOf[i] < 0 || machines[i].State == HostState.Up) continue;
            scheduler.Leave(workerOf[i]);
            workerOf[i] = -1;
        }

        for (int i = 0; i < machines.Count; i++)
        {
            if (workerOf[i] >= 0 || machines[i].State != HostState.Up || RoomOn(machines[i]) is not { } room) continue;
            workerOf[i] = Join(i, room);
        }

        scheduler.HasAllWorkers = machines.All(machine => machine.State == HostState.Up);
    }

    // One that comes back may still be at work on what it had: a host that rests only takes nothing new.
    private int Join(int machine, Resources room)
    {
        int former = machineOf.LastIndexOf(machine);
        if (former >= 0 && scheduler.TryReturn(former, room)) return former;
        machineOf.Add(machine);
        return scheduler.Join(room);
    }

    // What the run may have of it; null for nothing.
    private Resources? RoomOn(IMachine machine)
    {
        int taken = 0;
        for (int i = 0; i < machines.Count; i++)
        {
            if (workerOf[i] >= 0) taken += machines[i].Size;
        }

        int cores = Math.Min(machine.Size, (options.Cores ?? int.MaxValue) - taken);
        long memory = machine.Memory > 0 ? machine.Memory : long.MaxValue;
        return cores > 0 ? new Resources { Cores = cores, Memory = Math.Min(memory, options.Memory ?? long.MaxValue), Gpus = machine.Gpus.Count } : null;
    }

    // The most that one of them has, as far as is known.
    private Resources LargestMachine() => new()
    {
        Cores = Math.Min(machines.Max(machine => machine.Size), options.Cores ?? int.MaxValue),
        Memory = Math.Min(machines.Max(machine => machine.Memory), options.Memory ?? long.MaxValue),
        Gpus = machines.Max(machine => machine.Gpus.Count),
    };

    // As many as have places for what is open, and one more when those that should come have not answered for a while.
    private void AskForMachines(bool isImpatient = false)
    {
        int open = scheduler.Open;
        if (open == 0 || stopping) return;
        PoolOfMachines!.NoteDemand();
        int coming = 0;
        bool isWaiting = false;
        foreach (IMachine machine in machines)
        {
            HostState state = machine.State;
            if (state is HostState.Up or HostState.Connecting) coming += machine.Size;
            isWaiting |= state == HostState.Connecting;
        }

        foreach (IMachine machine in machines)
        {
            if (machine.State != HostState.Idle) continue;
            if (coming >= open && !isImpatient) break;
            isImpatient = false;
            isWaiting = true;
            coming += machine.Size;
            machine.Connect();
        }

        // What waits though there are places enough fits on none of those that are there.
        bool isHeldUp = open > active && machines.Any(machine => machine.State == HostState.Idle);
        if ((isWaiting || isHeldUp) && !isHesitating)
        {
            isHesitating = true;
            int before = starts;
            _ = PostLaterAsync(Hesitation, () =>
            {
                isHesitating = false;
                AskForMachines(isImpatient: IsNoMachineThere || (starts == before && scheduler.Open > active));
            });
        }
    }

    // True when there is something to do without them.
    private bool WaitForMachines()
    {
        // What was given up may have made others ready.
        scheduler.Schedule();
        if (instructions.Count > 0 || scheduler.Open == 0) return false;
        if (isStalled) return true;
        isStalled = true;
        int stall = ++stalls;
        _ = PostLaterAsync(MachinePatience, () =>
        {
            // Or something has run meanwhile.
            if (!isStalled || stall != stalls) return;
            if (!IsNoMachineThere) scheduler.HasAllWorkers = true;
            isStalled = false;
        });
        return true;
    }

    private async Task PostLaterAsync(TimeSpan time, Action action)
    {
        await Task.Delay(time, TimeProvider.System, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        inbox.Writer.TryWrite(action);
    }

    // It runs again elsewhere, at no cost; a job that is lost again and again is given up.
    private void EndLost(Execution execution)
    {
        JobNode node = execution.Node;
        node.Error = execution.Result!.Error;

        // Before it is placed again: its machine may be gone, and the word of that still on its way.
        LookAtMachines();
        if (stopping)
        {
            run.Cancel(node);
            scheduler.Cancel(execution.Instruction.Task);
        }
        else
        {
            Warn($"'{node.Job.Id}' was lost, and runs again. {node.Error!.Message}");
        }

        (int task, int attempt) = (execution.Instruction.Task, execution.Instruction.Attempt);
        if (node.Error is MachineLostException { HasStarted: false } && MayRunElsewhere(execution)) scheduler.NotStarted(task, attempt);
        else scheduler.Lost(task, attempt);
    }

    // On another one that is there. What only one machine can run must not wait for ever for that to mend.
    private bool MayRunElsewhere(Execution execution)
    {
        Resources needed = execution.Instruction.Resources!;
        return machines.Any(machine => machine != execution.Machine && machine.State == HostState.Up
            && machine.Size >= needed.Cores && (machine.Memory == 0 || machine.Memory >= needed.Memory) && machine.Gpus.Count >= needed.Gpus);
    }
}
