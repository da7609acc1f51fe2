using System.Diagnostics;
using Leat.Benchmarks.Streams;
using Leat.Scheduling;

namespace Leat.Benchmarks.Scheduling;

/// <summary>
/// The scheduler over a cluster that is only thought up, in a time that is only counted: tasks take about a minute, some fail, workers are lost,
/// alone and forty at a time, and replaced two minutes later; half of those that are lost still answer, too late.
/// </summary>
internal sealed class ClusterSimulation
{
    private const int Layer = 100_000;
    private const int Needs = 3;
    private const int Rack = 40;
    private const double TaskTime = 60;
    private const double FailureRate = 0.01;
    private const double LateRate = 0.5;
    private const double Replacement = 120;
    private static readonly double WorkerLife = TimeSpan.FromHours(24).TotalSeconds;
    private static readonly double RackLife = TimeSpan.FromHours(2).TotalSeconds;
    private static readonly Resources Capacity = new() { Cores = 1, Memory = 4L << 30 };

    private readonly Random random = new(1);
    private readonly List<Instruction> instructions = [];
    private readonly PriorityQueue<Happening, double> future = new();
    private readonly List<int> there = [];
    private readonly Dictionary<int, int> places = [];
    private readonly Scheduler scheduler;
    private readonly int workers;
    private readonly byte[] done;
    private double now;
    private double worked;

    private ClusterSimulation(int tasks, int workers)
    {
        scheduler = new Scheduler(instructions);
        this.workers = workers;
        done = new byte[tasks];
    }

    private enum Kind : byte
    {
        TaskEnds,
        WorkerIsLost,
        RackIsLost,
        WorkerComes,
    }

    /// <summary>Simulates it to its end, and checks that every task was done once.</summary>
    public static Outcome Run(int tasks, int workers)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        var simulation = new ClusterSimulation(tasks, workers);
        simulation.Submit(tasks);
        simulation.Go();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)tasks;
        int missing = simulation.done.Count(times => times != 1);
        Check.That(missing == 0, $"{missing} tasks were not done exactly once");
        return new Outcome(seconds, bytes, simulation.now, simulation.worked / (simulation.now * workers), simulation.Lost, simulation.scheduler.LateAnswers);
    }

    private int Lost { get; set; }

    private void Submit(int tasks)
    {
        Span<int> needs = stackalloc int[Needs];
        var spec = new TaskSpec(new Resources(), TimeSpan.FromSeconds(TaskTime)) { Retries = 5 };
        for (int task = 0; task < tasks; task++)
        {
            int known = task < Layer ? 0 : Needs;
            for (int i = 0; i < known; i++) needs[i] = task - Layer + ((task * 7 + i * 13) % Layer) - (task % Layer);
            scheduler.Submit(spec, needs[..known]);
        }
    }

    private void Go()
    {
        for (int worker = 0; worker < workers; worker++) Join();
        future.Enqueue(new Happening(Kind.RackIsLost, 0, 0), Exponential(RackLife));
        while (scheduler.Open > 0)
        {
            Give();
            Check.That(future.TryDequeue(out Happening next, out double time), $"{scheduler.Open} tasks are left, and nothing happens any more");
            now = time;
            Happen(next);
        }

        Give();
    }

    private void Give()
    {
        scheduler.Schedule();
        foreach (Instruction each in instructions)
        {
            switch (each.Kind)
            {
                case InstructionKind.Start:
                    double time = TaskTime * Math.Exp((Normal() * 0.5) - 0.125);
                    future.Enqueue(new Happening(Kind.TaskEnds, each.Task, each.Worker) { Attempt = each.Attempt, Time = time }, now + time);
                    break;
                case InstructionKind.Done:
                    done[each.Task]++;
                    break;
                default:
                    Check.That(false, $"{each.Kind} was not to be expected");
                    break;
            }
        }

        instructions.Clear();
    }

    private void Happen(Happening next)
    {
        switch (next.Kind)
        {
            case Kind.TaskEnds:
                bool isLate = !places.ContainsKey(next.Worker);
                if (isLate && random.NextDouble() >= LateRate) break;
                if (!isLate) worked += next.Time;
                if (random.NextDouble() < FailureRate) scheduler.Failed(next.Number, next.Attempt, FailureCause.Error);
                else scheduler.Succeeded(next.Number, next.Attempt);
                break;
            case Kind.WorkerIsLost:
                Lose(next.Number);
                break;
            case Kind.RackIsLost:
                for (int i = Math.Min(Rack, there.Count); i > 0; i--) Lose(there[random.Next(there.Count)]);
                future.Enqueue(next, now + Exponential(RackLife));
                break;
            case Kind.WorkerComes:
                Join();
                break;
        }
    }

    private void Join()
    {
        int worker = scheduler.Join(Capacity);
        places.Add(worker, there.Count);
        there.Add(worker);
        future.Enqueue(new Happening(Kind.WorkerIsLost, worker, worker), now + Exponential(WorkerLife));
    }

    private void Lose(int worker)
    {
        // Perhaps with its rack, before its own time.
        if (!places.Remove(worker, out int place)) return;
        there[place] = there[^1];
        if (there[place] != worker) places[there[place]] = place;
        there.RemoveAt(there.Count - 1);
        scheduler.Lost(worker);
        Lost++;
        future.Enqueue(new Happening(Kind.WorkerComes, 0, 0), now + Replacement);
    }

    private double Exponential(double mean) => -mean * Math.Log(1 - random.NextDouble());

    // Box and Muller, 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>What came of it.</summary>
    /// <param name="Seconds">How long the simulation took.</param>
    /// <param name="Bytes">Memory, a task.</param>
    /// <param name="Makespan">How long it would have taken, in seconds.</param>
    /// <param name="Use">The share of the workers' time in which they did what counted or failed by itself.</param>
    /// <param name="Lost">How many workers were lost.</param>
    /// <param name="Late">How many answers came too late.</param>
    public readonly record struct Outcome(double Seconds, double Bytes, double Makespan, double Use, int Lost, long Late);

    private readonly record struct Happening(Kind Kind, int Number, int Worker)
    {
        public int Attempt { get; init; }

        public double Time { get; init; }
    }
}
