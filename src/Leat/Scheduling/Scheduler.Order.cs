namespace Leat.Scheduling;

// Which task comes first.
internal sealed partial class Scheduler
{
    private readonly Dictionary<Resources, int> shapeNumbers = [];
    private readonly List<Shape> shapes = [];
    private readonly PriorityQueue<int, int> raised = new();
    private int prepared;

    private int ShapeOf(Resources resources)
    {
        if (!shapeNumbers.TryGetValue(resources, out int shape))
        {
            shapeNumbers.Add(resources, shape = shapes.Count);
            shapes.Add(new Shape(resources));
        }

        return shape;
    }

    // What was ended for its memory gets twice as much, up to what the largest worker has; what was for its time, twice the time.
    private int LargerShape(int shape, FailureCause cause)
    {
        Resources now = shapes[shape].Resources;
        if (cause == FailureCause.Time) return ShapeOf(now.WithMoreTime());
        if (cause != FailureCause.Memory) return shape;
        long most = workers.Count == 0 ? 0 : workers.Max(worker => worker.IsThere ? worker.Capacity.Memory : 0);
        long memory = Math.Max(now.Memory, Math.Min(now.Memory * 2, most));
        return memory == now.Memory ? shape : ShapeOf(now with { Memory = memory });
    }

    // A task's priority is the time of the longest way from its start to the end. New tasks are gone through from the last one
    // back, so that all who need one come before it; what they raise of older ones goes the same way.
    private void Prepare()
    {
        for (int task = Count - 1; task >= prepared; task--) RaiseNeeds(task);
        while (raised.TryDequeue(out int task, out _)) RaiseNeeds(task);
        for (int task = prepared; task < Count; task++)
        {
            if (rows[task].State == TaskState.Ready) Enqueue(task);
        }

        prepared = Count;
    }

    private void RaiseNeeds(int task)
    {
        float priority = rows[task].Priority;
        for (int edge = rows[task].FirstNeed; edge != None; edge = edges[edge].Next)
        {
            int need = edges[edge].Task;
            ref Row row = ref rows[need];
            if (row.State >= TaskState.Running || row.Priority >= row.Expected + priority) continue;
            row.Priority = row.Expected + priority;
            if (need >= prepared) continue;
            raised.Enqueue(need, -need);
            if (row.State == TaskState.Ready) Enqueue(need);
        }
    }

    private void Enqueue(int task) => shapes[rows[task].Shape].Ready.Enqueue((task, rows[task].Priority), (-rows[task].Priority, task));

    // The first ready task of a shape. One that has been raised since stands in the queue twice.
    private bool TryPeek(Shape shape, out int task)
    {
        while (shape.Ready.TryPeek(out (int Task, float Priority) first, out _))
        {
            task = first.Task;
            ref Row row = ref rows[task];
            if (row.State == TaskState.Ready && row.Priority == first.Priority && shapes[row.Shape] == shape) return true;
            shape.Ready.Dequeue();
        }

        task = None;
        return false;
    }

    /// <summary>Tasks that take the same.</summary>
    private sealed class Shape(Resources resources)
    {
        public Resources Resources => resources;

        public PriorityQueue<(int Task, float Priority), (float Priority, int Task)> Ready { get; } = new();

        /// <summary>Whether some worker could run its tasks, as of some change of the workers.</summary>
        public bool IsPossible { get; set; }

        public int CheckedAt { get; set; } = -1;

        /// <summary>How often others have gone past its first task because that did not fit.</summary>
        public int Bypassed { get; set; }
    }
}
