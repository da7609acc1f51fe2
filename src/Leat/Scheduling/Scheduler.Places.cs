using System.Diagnostics;
using Places = System.Collections.Generic.SortedDictionary<(int Gpus, int Cores, long Memory), System.Collections.Generic.HashSet<int>>;

namespace Leat.Scheduling;

// Where tasks run.
internal sealed partial class Scheduler
{
    // After so many others have gone past it, a task that needs much has a worker kept free for it.
    private const int MostBypasses = 64;

    // What so many workers after each other could not start counts as lost: two that fail in turn would do so for ever.
    private const int MostRefusals = 10;

    private readonly List<WorkerRow> workers = [];
    private readonly Places free = [];
    private readonly Places idle = [];
    private int keptWorker = None;
    private int keptShape = None;
    private int changes;

    /// <summary>True when no more workers will come: what no worker can run is given up.</summary>
    public bool HasAllWorkers { get; set; }

    /// <summary>A worker is there.</summary>
    /// <param name="capacity">What it has, in numbers: not <see cref="Cores.All"/>.</param>
    /// <returns>Its number.</returns>
    public int Join(Resources capacity)
    {
        Debug.Assert(!capacity.TakesWhole, "What a worker has is a number of cores, for all that come.");
        workers.Add(new WorkerRow(capacity));
        AddToFree(workers.Count - 1);
        changes++;
        return workers.Count - 1;
    }

    /// <summary>A worker is gone. What it had runs again elsewhere; a task that has lost three workers in a row is given up.</summary>
    public void Lost(int worker)
    {
        WorkerRow row = workers[worker];
        if (!row.IsThere) return;
        RemoveFromFree(worker);
        row.IsThere = false;
        changes++;
        if (keptWorker == worker) (keptWorker, keptShape) = (None, None);
        foreach (int task in row.Tasks.ToArray())
        {
            GiveBack(task);
            if (rows[task].State != TaskState.Running) continue;
            if (++rows[task].Losses >= MostLosses) End(task, TaskState.Failed, FailureCause.Poisonous);
            else MakeReady(task);
        }
    }

    /// <summary>A worker takes nothing more. What it has goes on until somebody says what became of it.</summary>
    public void Leave(int worker)
    {
        RemoveFromFree(worker);
        workers[worker].IsThere = false;
        changes++;
        if (keptWorker == worker) (keptWorker, keptShape) = (None, None);
    }

    /// <summary>A worker that has left is there again. What it has still goes on, and is not free.</summary>
    /// <param name="worker">Its number.</param>
    /// <param name="capacity">What it has now.</param>
    /// <returns>False when it has not as many GPUs as before, and so is another one.</returns>
    public bool TryReturn(int worker, Resources capacity)
    {
        WorkerRow row = workers[worker];
        Debug.Assert(!row.IsThere, "It has not left.");
        if (row.Capacity.Gpus != capacity.Gpus) return false;
        row.Resize(capacity);
        row.IsThere = true;
        AddToFree(worker);
        changes++;
        return true;
    }

    /// <summary>A task was lost with its worker, or with a part of it. It runs again; one that was lost three times in a row is given up.</summary>
    public void Lost(int task, int attempt)
    {
        if (!Release(task, attempt)) return;
        if (++rows[task].Losses >= MostLosses) End(task, TaskState.Failed, FailureCause.Poisonous);
        else MakeReady(task);
    }

    /// <summary>A task was given to a worker that could not even start it. It runs again, at no cost; only where that goes on and on does it count as lost.</summary>
    public void NotStarted(int task, int attempt)
    {
        if (rows[task].Refusals++ == MostRefusals)
        {
            rows[task].Refusals = 0;
            Lost(task, attempt);
        }
        else if (Release(task, attempt))
        {
            MakeReady(task);
        }
    }

    /// <summary>Gives ready tasks to workers that have room for them.</summary>
    public void Schedule()
    {
        Prepare();
        while (TryPlace(out int task, out int worker))
        {
            ref Row row = ref rows[task];
            Shape shape = shapes[row.Shape];
            shape.Ready.Dequeue();
            shape.Bypassed = 0;
            int[]? gpus = Take(task, worker, shape.Resources);
            row.State = TaskState.Running;
            row.Attempt++;
            output.Add(new Instruction(InstructionKind.Start, task, worker, row.Attempt, InNumbers(shape.Resources, worker), Gpus: gpus));
        }
    }

    // The first task that fits, over all shapes; those before it that do not are bypassed.
    private bool TryPlace(out int task, out int worker)
    {
        task = worker = None;
        int best = None;
        ReleaseKept();
        for (int number = 0; number < shapes.Count; number++)
        {
            Shape shape = shapes[number];
            if (!TryPeek(shape, out int first)) continue;
            if (HasAllWorkers && !IsPossible(shape))
            {
                End(first, TaskState.Failed, FailureCause.Impossible);
                number--;
                continue;
            }

            if (best != None && !IsBefore(first, task)) continue;
            int place = FindWorker(number);
            if (place != None) (best, task, worker) = (number, first, place);
        }

        if (best == None) return false;
        for (int number = 0; number < shapes.Count; number++)
        {
            if (number != best && TryPeek(shapes[number], out int first) && IsBefore(first, task)) Bypass(number);
        }

        if (keptShape == best) (keptWorker, keptShape) = (None, None);
        return true;
    }

    private bool IsPossible(Shape shape)
    {
        if (shape.CheckedAt != changes)
        {
            shape.CheckedAt = changes;
            shape.IsPossible = workers.Exists(each => each.CouldFit(shape.Resources));
        }

        return shape.IsPossible;
    }

    private bool IsBefore(int task, int other) =>
        (-rows[task].Priority, task).CompareTo((-rows[other].Priority, other)) < 0;

    // What a worker was kept for may have been cancelled, or got more memory meanwhile.
    private void ReleaseKept()
    {
        if (keptShape != None && !TryPeek(shapes[keptShape], out _)) (keptWorker, keptShape) = (None, None);
    }

    private void Bypass(int number)
    {
        if (++shapes[number].Bypassed < MostBypasses || keptWorker != None) return;
        Resources resources = shapes[number].Resources;
        int kept = None;
        for (int worker = 0; worker < workers.Count; worker++)
        {
            if (workers[worker].CouldFit(resources) && (kept == None || IsSooner(worker, kept, resources))) kept = worker;
        }

        (keptWorker, keptShape) = (kept, kept == None ? None : number);
    }

    // Which of two workers will rather have room: for what takes a whole one, that with less to end before.
    private bool IsSooner(int worker, int other, Resources resources) => resources.TakesWhole
        ? workers[worker].Tasks.Count < workers[other].Tasks.Count
        : workers[worker].Cores > workers[other].Cores;

    // Of those with room, one with little more than is needed; above all, GPUs are left to those that need them.
    private int FindWorker(int shape)
    {
        Resources resources = shapes[shape].Resources;
        if (keptShape == shape) return workers[keptWorker].HasRoom(resources) ? keptWorker : None;
        foreach (((int gpus, int cores, long memory), HashSet<int> some) in resources.TakesWhole ? idle : free)
        {
            if (gpus < resources.Gpus || cores < resources.Cores || memory < resources.Memory) continue;
            foreach (int worker in some)
            {
                if (worker != keptWorker) return worker;
            }
        }

        return None;
    }

    private Resources InNumbers(Resources resources, int worker) =>
        resources.Cores == Cores.All ? resources with { Cores = workers[worker].Capacity.Cores } : resources;

    private int[]? Take(int task, int worker, Resources resources)
    {
        RemoveFromFree(worker);
        int[]? gpus = workers[worker].Take(task, resources);
        rows[task].Worker = worker;
        AddToFree(worker);
        return gpus;
    }

    private void GiveBack(int task)
    {
        int worker = rows[task].Worker;
        RemoveFromFree(worker);
        workers[worker].GiveBack(task);
        rows[task].Worker = None;
        AddToFree(worker);
    }

    private void AddToFree(int worker)
    {
        WorkerRow row = workers[worker];
        if (!row.IsThere || row.Cores <= 0) return;
        Add(free, row, worker);
        if (row.IsIdle) Add(idle, row, worker);

        static void Add(Places places, WorkerRow row, int worker)
        {
            if (!places.TryGetValue(row.Free, out HashSet<int>? some)) places.Add(row.Free, some = []);
            some.Add(worker);
        }
    }

    private void RemoveFromFree(int worker)
    {
        WorkerRow row = workers[worker];
        Remove(free, row, worker);
        if (row.IsIdle) Remove(idle, row, worker);

        static void Remove(Places places, WorkerRow row, int worker)
        {
            if (!places.TryGetValue(row.Free, out HashSet<int>? some)) return;
            some.Remove(worker);
            if (some.Count == 0) places.Remove(row.Free);
        }
    }
}
