using System.Diagnostics;
using System.Globalization;
using Leat.Benchmarks.Streams;
using Leat.Scheduling;

namespace Leat.Benchmarks.Scheduling;

/// <summary>The budgets of the scheduler: it alone, with workers that are only told of.</summary>
internal static class SchedulingSuite
{
    private const int Million = 1_000_000;
    private const int Layer = 1_000;

    public static IEnumerable<Case> Cases()
    {
        yield return Seconds("1,000,000 tasks, 64 workers", () => Run(Million, 64, needs: 0).Seconds);
        yield return Seconds("1,000,000 tasks in layers, 3 needs each, 64 workers", () => Run(Million, 64, needs: 3).Seconds);
        yield return Seconds("1,000,000 tasks in layers, 10,000 workers", () => Run(Million, 10_000, needs: 3).Seconds);
        yield return Seconds("1,000,000 tasks of four kinds (one core, a GPU, all cores, alone), 10,000 workers", () => Run(Million, 10_000, needs: 3, Kinds).Seconds);
        yield return new Case("1,000,000 tasks in layers, 3 needs each", "1 KiB a task", "bytes", () => Task.FromResult(Run(Million, 64, needs: 3).Bytes), null) { LeastRatio = 1, Bound = 1024 };
        yield return new Case("simulation: 10,000,000 tasks, 10,000 workers that come and go", "20 s", "s", () => Task.FromResult(Simulate()), null) { Bound = 20, WarmUp = 0 };
    }

    private static double Simulate()
    {
        ClusterSimulation.Outcome outcome = ClusterSimulation.Run(10 * Million, 10_000);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Makespan / 3600:F2} hours of the cluster in {outcome.Seconds:F1} s, {outcome.Bytes:F0} bytes a task, {outcome.Use:P2} of its time used, {outcome.Lost:N0} workers lost, {outcome.Late:N0} late answers"));
        return outcome.Seconds;
    }

    // One in ten wants a GPU, two in a hundred a machine for themselves.
    private static Resources Kinds(int task) => (task % 100) switch
    {
        0 => new Resources { Cores = Cores.All },
        1 => new Resources { Exclusive = true },
        < 12 => new Resources { Gpus = 1 },
        _ => new Resources(),
    };

    private static Case Seconds(string name, Func<double> run) => new(name, "2 s", "s", () => Task.FromResult(run()), null) { LeastRatio = 1, Bound = 2 };

    // Each task needs some of those a layer before it. One in a hundred fails once.
    private static (double Seconds, double Bytes) Run(int tasks, int count, int needs, Func<int, Resources>? kinds = null)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        List<Instruction> instructions = [];
        var scheduler = new Scheduler(instructions);
        var capacity = new Resources { Cores = 4, Memory = 1 << 30, Gpus = kinds is null ? 0 : 2 };
        for (int worker = 0; worker < count; worker++) scheduler.Join(capacity);
        Span<int> some = stackalloc int[needs];
        var spec = new TaskSpec(new Resources(), TimeSpan.FromSeconds(1)) { Retries = 1 };
        for (int task = 0; task < tasks; task++)
        {
            int known = task < Layer ? 0 : needs;
            for (int i = 0; i < known; i++) some[i] = task - Layer + ((task * 7 + i * 13) % Layer) - (task % Layer);
            scheduler.Submit(kinds is null ? spec : spec with { Resources = kinds(task) }, some[..known]);
        }

        Queue<(int Task, int Attempt)> running = [];
        int done = 0;
        do
        {
            scheduler.Schedule();
            foreach (Instruction each in instructions)
            {
                if (each.Kind == InstructionKind.Start) running.Enqueue((each.Task, each.Attempt));
                else if (each.Kind == InstructionKind.Done) done++;
            }

            instructions.Clear();
            for (int i = Math.Min(running.Count, 64); i > 0; i--)
            {
                (int task, int attempt) = running.Dequeue();
                if (task % 100 == 0 && attempt == 1) scheduler.Failed(task, attempt, FailureCause.Error);
                else scheduler.Succeeded(task, attempt);
            }
        }
        while (scheduler.Open > 0 || instructions.Count > 0);

        done += instructions.Count(each => each.Kind == InstructionKind.Done);
        Check.That(done == tasks, $"{done} tasks are done");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)tasks;
        GC.KeepAlive(scheduler);
        return (seconds, bytes);
    }
}
