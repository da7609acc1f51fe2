namespace Leat.Scheduling;

/// <summary>
/// Decides which task runs when and where. Pure: it is told what has happened, and says what is to be done; it has no clock, starts
/// nothing and waits for nothing. Not safe for several threads.
/// </summary>
/// <remarks>
/// Tasks have numbers from 0, and need only tasks that were submitted before them; more may be submitted at any time.
/// <code>
///   Waiting --all that it needs succeeded--> Ready --Start--> Running --> Succeeded
///   Running --failed, tries left--> Delayed --Due--> Ready        Running --failed, none left--> Failed
///   Running --worker lost--> Ready, the third time in a row Failed
///   Waiting --something that it needs failed--> Upstream          any --Cancel--> Cancelled
/// </code>
/// The order is that of the critical path (Kelley 1961): first the task behind which most work waits.
/// </remarks>
internal sealed partial class Scheduler
{
    private const int MostLosses = 3;
    private const int None = -1;

    // Seconds, where nobody knows: so a long chain comes before a short one.
    private const float UsualTime = 1;

    private readonly List<Instruction> output;
    private readonly Stack<int> doomed = [];
    private Row[] rows = new Row[16];
    private Edge[] edges = new Edge[16];
    private int edgeCount;

    /// <summary>Makes a scheduler without tasks and workers.</summary>
    /// <param name="output">Where instructions are added, by every method.</param>
    public Scheduler(List<Instruction> output) => this.output = output;

    /// <summary>How many tasks were submitted.</summary>
    public int Count { get; private set; }

    /// <summary>How many are neither done nor given up.</summary>
    public int Open { get; private set; }

    /// <summary>Answers that came for an attempt that had been given up.</summary>
    public int LateAnswers { get; private set; }

    public TaskState StateOf(int task) => rows[task].State;

    /// <summary>Adds a task.</summary>
    /// <param name="spec">What there is to know of it.</param>
    /// <param name="needs">The tasks that must have succeeded before it.</param>
    /// <returns>Its number.</returns>
    public int Submit(TaskSpec spec, ReadOnlySpan<int> needs)
    {
        if (Count == rows.Length) Array.Resize(ref rows, Count * 2);
        int task = Count++;
        Open++;
        ref Row row = ref rows[task];
        float expected = spec.Expected > TimeSpan.Zero ? (float)spec.Expected.TotalSeconds : UsualTime;
        row = new Row
        {
            Shape = ShapeOf(spec.Resources),
            Expected = expected,
            Priority = expected + (float)spec.After.TotalSeconds,
            Retries = spec.Retries,
            Delay = (float)spec.Delay.TotalSeconds,
            Worker = None,
            FirstUser = None,
            FirstNeed = None,
        };
        bool isDoomed = false;
        foreach (int need in needs)
        {
            row.FirstNeed = AddEdge(need, row.FirstNeed);
            TaskState state = rows[need].State;
            if (state == TaskState.Succeeded) continue;
            isDoomed |= state is TaskState.Failed or TaskState.Upstream or TaskState.Cancelled;
            rows[need].FirstUser = AddEdge(task, rows[need].FirstUser);
            row.Waiting++;
        }

        if (isDoomed) End(task, TaskState.Upstream, FailureCause.Error);
        else if (row.Waiting == 0) row.State = TaskState.Ready;
        return task;
    }

    /// <summary>A task has succeeded.</summary>
    public void Succeeded(int task, int attempt)
    {
        if (!Release(task, attempt)) return;
        ref Row row = ref rows[task];
        row.State = TaskState.Succeeded;
        Open--;
        output.Add(new Instruction(InstructionKind.Done, task));
        for (int edge = row.FirstUser; edge != None; edge = edges[edge].Next)
        {
            int user = edges[edge].Task;
            if (--rows[user].Waiting == 0 && rows[user].State == TaskState.Waiting) MakeReady(user);
        }
    }

    /// <summary>A task has failed.</summary>
    public void Failed(int task, int attempt, FailureCause cause)
    {
        if (!Release(task, attempt)) return;
        ref Row row = ref rows[task];
        row.Losses = 0;
        if (row.Failures++ >= row.Retries)
        {
            End(task, TaskState.Failed, cause);
            return;
        }

        row.Shape = LargerShape(row.Shape, cause);
        if (row.Delay == 0)
        {
            MakeReady(task);
            return;
        }

        row.State = TaskState.Delayed;
        TimeSpan delay = new Backoff(TimeSpan.FromSeconds(row.Delay)).Behind(row.Failures);
        output.Add(new Instruction(InstructionKind.Retry, task, Attempt: row.Attempt, Delay: delay));
    }

    /// <summary>The time before a further attempt has passed.</summary>
    public void Due(int task)
    {
        if (rows[task].State == TaskState.Delayed) MakeReady(task);
    }

    /// <summary>Nobody wants a task any more, nor what needs it.</summary>
    public void Cancel(int task)
    {
        if (IsOver(rows[task].State)) return;
        if (rows[task].State == TaskState.Running)
        {
            // Its place is free when the worker says so.
            output.Add(new Instruction(InstructionKind.Stop, task, rows[task].Worker, rows[task].Attempt));
        }

        End(task, TaskState.Cancelled, FailureCause.Error);
    }

    private static bool IsOver(TaskState state) => state >= TaskState.Succeeded;

    // Ends a task, and all that need it, without recursion.
    private void End(int task, TaskState state, FailureCause cause)
    {
        doomed.Push(task);
        while (doomed.TryPop(out int next))
        {
            ref Row row = ref rows[next];
            if (IsOver(row.State)) continue;
            row.State = next == task ? state : state == TaskState.Cancelled ? TaskState.Cancelled : TaskState.Upstream;
            Open--;
            output.Add(new Instruction(InstructionKind.GiveUp, next, Attempt: row.Attempt, Cause: cause));
            for (int edge = row.FirstUser; edge != None; edge = edges[edge].Next) doomed.Push(edges[edge].Task);
        }
    }

    private void MakeReady(int task)
    {
        rows[task].State = TaskState.Ready;
        if (task < prepared) Enqueue(task);
    }

    // Takes a task from its worker; false when the answer is late, or is only that of one that was cancelled.
    private bool Release(int task, int attempt)
    {
        ref Row row = ref rows[task];
        if (row.Worker == None || row.Attempt != attempt)
        {
            LateAnswers++;
            return false;
        }

        GiveBack(task);
        return row.State == TaskState.Running;
    }

    private int AddEdge(int task, int next)
    {
        if (edgeCount == edges.Length) Array.Resize(ref edges, edgeCount * 2);
        edges[edgeCount] = new Edge(task, next);
        return edgeCount++;
    }

    /// <summary>A task, in 48 bytes.</summary>
    private struct Row
    {
        public TaskState State;
        public byte Losses;
        public byte Refusals;
        public int Attempt;
        public int Failures;
        public int Retries;
        public int Waiting;
        public int Shape;
        public int Worker;
        public float Expected;
        public float Delay;
        public float Priority;
        public int FirstUser;
        public int FirstNeed;
    }

    private readonly record struct Edge(int Task, int Next);
}
