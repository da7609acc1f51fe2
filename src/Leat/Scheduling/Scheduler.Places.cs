namespace Leat.Scheduling;

// Where tasks run.
internal sealed partial class Scheduler
{
    // After so many others have gone past it, a task that needs much has a worker kept free for it.
    private const int MostBypasses = 64;

    private readonly List<WorkerRow> workers = [];
    private readonly SortedDictionary<(int Cores, long Memory), HashSet<int>> free = [];
    private int keptWorker = None;
    private int keptShape = None;
    private int changes;

    /// <summary>True when no more workers will come: what no worker can run is given up.</summary>
    public bool HasAllWorkers { get; set; }

    /// <summary>A worker is there.</summary>
    /// <param name="capacity">What it has.</param>
    /// <returns>Its number.</returns>
    public int Join(Resources capacity)
    {
        workers.Add(new WorkerRow(capacity) { Cores = capacity.Cores, Memory = capacity.Memory, IsThere = true });
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
        foreach (int task in row.Taken.Keys.ToArray())
        {
            GiveBack(task);
            if (rows[task].State != TaskState.Running) continue;
            if (++rows[task].Losses >= MostLosses) End(task, TaskState.Failed, FailureCause.Poisonous);
            else MakeReady(task);
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
            Take(task, worker, shape.Resources);
            row.State = TaskState.Running;
            row.Attempt++;
            output.Add(new Instruction(InstructionKind.Start, task, worker, row.Attempt, shape.Resources));
        }
    }

    // The first task that fits, over all shapes; those before it that do not are bypassed.
    private bool TryPlace(out int task, out int worker)
    {
        task = worker = None;
        int best = None;
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
            shape.IsPossible = workers.Exists(each => each.IsThere && Fits(shape.Resources, each.Capacity));
        }

        return shape.IsPossible;
    }

    private bool IsBefore(int task, int other) =>
        (-rows[task].Priority, task).CompareTo((-rows[other].Priority, other)) < 0;

    private void Bypass(int number)
    {
        if (++shapes[number].Bypassed < MostBypasses || keptWorker != None) return;
        Resources resources = shapes[number].Resources;
        int kept = None;
        for (int worker = 0; worker < workers.Count; worker++)
        {
            if (workers[worker].IsThere && Fits(resources, workers[worker].Capacity) && (kept == None || workers[worker].Cores > workers[kept].Cores)) kept = worker;
        }

        (keptWorker, keptShape) = (kept, kept == None ? None : number);
    }

    // Of those with room, one with little more than is needed.
    private int FindWorker(int shape)
    {
        Resources resources = shapes[shape].Resources;
        if (keptShape == shape) return HasRoom(keptWorker, resources) ? keptWorker : None;
        foreach (((int cores, long memory), HashSet<int> some) in free)
        {
            if (cores < resources.Cores || memory < resources.Memory) continue;
            foreach (int worker in some)
            {
                if (worker != keptWorker) return worker;
            }
        }

        return None;
    }

    private bool HasRoom(int worker, Resources resources) => workers[worker].Cores >= resources.Cores && workers[worker].Memory >= resources.Memory;

    private static bool Fits(Resources resources, Resources capacity) => resources.Cores <= capacity.Cores && resources.Memory <= capacity.Memory;

    private void Take(int task, int worker, Resources resources)
    {
        RemoveFromFree(worker);
        WorkerRow row = workers[worker];
        row.Cores -= resources.Cores;
        row.Memory -= resources.Memory;
        rows[task].Worker = worker;
        row.Taken.Add(task, resources);
        AddToFree(worker);
    }

    private void GiveBack(int task)
    {
        int worker = rows[task].Worker;
        WorkerRow row = workers[worker];
        RemoveFromFree(worker);
        row.Taken.Remove(task, out Resources? resources);
        row.Cores += resources!.Cores;
        row.Memory += resources.Memory;
        rows[task].Worker = None;
        AddToFree(worker);
    }

    private void AddToFree(int worker)
    {
        WorkerRow row = workers[worker];
        if (!row.IsThere || row.Cores == 0) return;
        if (!free.TryGetValue((row.Cores, row.Memory), out HashSet<int>? some)) free.Add((row.Cores, row.Memory), some = []);
        some.Add(worker);
    }

    private void RemoveFromFree(int worker)
    {
        WorkerRow row = workers[worker];
        if (!free.TryGetValue((row.Cores, row.Memory), out HashSet<int>? some)) return;
        some.Remove(worker);
        if (some.Count == 0) free.Remove((row.Cores, row.Memory));
    }

    private sealed class WorkerRow(Resources capacity)
    {
        public Resources Capacity => capacity;

        public bool IsThere { get; set; }

        public int Cores { get; set; }

        public long Memory { get; set; }

        /// <summary>Its tasks, and what each takes.</summary>
        public Dictionary<int, Resources> Taken { get; } = [];
    }
}
