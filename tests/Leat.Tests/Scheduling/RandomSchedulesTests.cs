using Leat.Scheduling;

namespace Leat.Tests.Scheduling;

/// <summary>Random graphs, workers and misfortunes, and what must hold in all of them.</summary>
public sealed class RandomSchedulesTests
{
    private static readonly Resources[] Demands =
    [
        new() { Cores = 1 },
        new() { Cores = 2 },
        new() { Cores = 4, Memory = 100 },
        new() { Cores = 1, Memory = 900 },
        new() { Cores = 1, Gpus = 1, WallTime = TimeSpan.FromHours(1) },
        new() { Cores = 2, Gpus = 2 },
        new() { Cores = Cores.All, Memory = 10 },
        new() { Cores = 2, Exclusive = true, WallTime = TimeSpan.FromMinutes(1) },
        new() { Cores = Cores.All, Gpus = 1, Exclusive = true },
    ];

    [Fact(Timeout = 600_000)]
    public Task Every_task_ends_once_after_all_that_it_needs_and_nobody_is_given_more_than_there_is() => Task.Run(() =>
    {
        for (int seed = 0; seed < 800 * Repeat.Times(1); seed++) new Simulation(seed).Run();
    });

    private sealed class Simulation
    {
        private readonly int seed;
        private readonly Random random;
        private readonly List<Instruction> instructions = [];
        private readonly Scheduler scheduler;
        private readonly List<int[]> needs = [];
        private readonly List<TaskSpec> specs = [];
        private readonly List<Instruction> running = [];
        private readonly List<(int Task, int Attempt)> late = [];
        private readonly HashSet<int> delayed = [];
        private readonly Dictionary<int, Resources> workers = [];
        private readonly Dictionary<int, InstructionKind> ended = [];
        private readonly Dictionary<int, int> lossesInARow = [];
        private readonly Dictionary<int, int> failures = [];
        private readonly Dictionary<int, int> overtimes = [];

        public Simulation(int seed)
        {
            this.seed = seed;
            random = new Random(seed);
            scheduler = new Scheduler(instructions);
        }

        public void Run()
        {
            int all = random.Next(1, 120);
            for (int i = 0; i < 3; i++) Join();
            scheduler.HasAllWorkers = random.Next(3) == 0;
            for (int step = 0; step < 20_000; step++)
            {
                if (needs.Count < all && random.Next(3) == 0) Submit(random.Next(1, 20));
                if (random.Next(40) == 0 && !scheduler.HasAllWorkers) Join();
                if (random.Next(60) == 0 && workers.Count > 1) Lose();
                if (random.Next(80) == 0 && needs.Count > 0) scheduler.Cancel(random.Next(needs.Count));
                if (running.Count > 0 && random.Next(2) == 0) Answer();
                if (late.Count > 0 && random.Next(5) == 0) AnswerLate();
                if (delayed.Count > 0 && random.Next(3) == 0) Due();
                scheduler.Schedule();
                Follow();
                Check();
                if (needs.Count >= all && scheduler.Open == 0) break;
            }

            Holds(scheduler.Open == 0, $"{scheduler.Open} of {needs.Count} tasks are open at the end");
            Holds(ended.Count == needs.Count, "not every task has ended");
        }

        private void Submit(int count)
        {
            for (int i = 0; i < count; i++)
            {
                int known = needs.Count;
                int[] some = [.. Enumerable.Range(0, known == 0 ? 0 : random.Next(4)).Select(_ => random.Next(known)).Distinct()];
                int retries = random.Next(3);
                var spec = new TaskSpec(Demands[random.Next(Demands.Length)], TimeSpan.FromSeconds(random.Next(5)))
                {
                    Retries = retries,
                    Delay = TimeSpan.FromSeconds(random.Next(2)),
                    After = TimeSpan.FromSeconds(random.Next(3) * random.Next(20)),
                };
                int task = scheduler.Submit(spec, some);
                Holds(task == known, "numbers follow each other");
                needs.Add(some);
                specs.Add(spec);
            }
        }

        private void Join()
        {
            var capacity = new Resources { Cores = 4 + random.Next(4), Memory = 1000 + random.Next(1000), Gpus = random.Next(4) };
            workers.Add(scheduler.Join(capacity), capacity);
        }

        private void Lose()
        {
            int worker = workers.Keys.ElementAt(random.Next(workers.Count));
            workers.Remove(worker);
            foreach (Instruction each in running.Where(each => each.Worker == worker))
            {
                late.Add((each.Task, each.Attempt));
                lossesInARow[each.Task] = lossesInARow.GetValueOrDefault(each.Task) + 1;
            }

            running.RemoveAll(each => each.Worker == worker);
            scheduler.Lost(worker);
        }

        private void Answer()
        {
            int index = random.Next(running.Count);
            (int task, int attempt) = (running[index].Task, running[index].Attempt);
            running.RemoveAt(index);
            if (random.Next(6) > 0)
            {
                scheduler.Succeeded(task, attempt);
                return;
            }

            lossesInARow[task] = 0;
            failures[task] = failures.GetValueOrDefault(task) + 1;
            var cause = (FailureCause)random.Next(3);
            if (cause == FailureCause.Time) overtimes[task] = overtimes.GetValueOrDefault(task) + 1;
            scheduler.Failed(task, attempt, cause);
        }

        private void AnswerLate()
        {
            int before = scheduler.LateAnswers;
            (int task, int attempt) = late[random.Next(late.Count)];
            if (random.Next(2) == 0) scheduler.Succeeded(task, attempt);
            else scheduler.Failed(task, attempt, FailureCause.Error);
            Holds(scheduler.LateAnswers == before + 1, "a late answer counts as one");
        }

        private void Due()
        {
            int task = delayed.ElementAt(random.Next(delayed.Count));
            delayed.Remove(task);
            scheduler.Due(task);
        }

        private void Follow()
        {
            foreach (Instruction each in instructions)
            {
                switch (each.Kind)
                {
                    case InstructionKind.Start:
                        Holds(!ended.ContainsKey(each.Task), $"{each.Task} has ended and starts");
                        Holds(running.TrueForAll(other => other.Task != each.Task), $"{each.Task} runs twice");
                        Holds(workers.ContainsKey(each.Worker), $"{each.Task} starts on a worker that is gone");
                        Holds(needs[each.Task].All(need => ended.GetValueOrDefault(need) == InstructionKind.Done && ended.ContainsKey(need)), $"{each.Task} starts before what it needs");
                        Holds(each.Resources!.WallTime == specs[each.Task].Resources.WallTime * Math.Pow(2, overtimes.GetValueOrDefault(each.Task)), $"{each.Task} may take {each.Resources.WallTime}");
                        Holds((each.Gpus ?? []).SequenceEqual(FreeGpus(each.Worker).Take(each.Resources.Gpus)), $"{each.Task} has not the first free GPUs");
                        running.Add(each);
                        break;
                    case InstructionKind.Retry:
                        delayed.Add(each.Task);
                        break;
                    case InstructionKind.Done or InstructionKind.GiveUp:
                        Holds(ended.TryAdd(each.Task, each.Kind), $"{each.Task} ends twice");
                        if (scheduler.StateOf(each.Task) is TaskState.Upstream or TaskState.Cancelled) break;
                        if (each.Cause == FailureCause.Poisonous) Holds(lossesInARow[each.Task] == 3, $"{each.Task} is no poison");
                        else if (each.Cause == FailureCause.Impossible) Holds(scheduler.HasAllWorkers && (failures.ContainsKey(each.Task) || !workers.Values.Any(worker => Fits(specs[each.Task].Resources, worker))), $"{each.Task} was possible");
                        else if (scheduler.StateOf(each.Task) == TaskState.Failed) Holds(failures[each.Task] == specs[each.Task].Retries + 1, $"{each.Task} failed {failures[each.Task]} times");
                        break;
                }
            }

            instructions.Clear();
        }

        private void Check()
        {
            foreach (IGrouping<int, Instruction> worker in running.GroupBy(each => each.Worker))
            {
                Resources capacity = workers[worker.Key];
                Holds(worker.Sum(each => each.Resources!.Cores) <= capacity.Cores, "more cores than there are");
                Holds(worker.Sum(each => each.Resources!.Memory) <= capacity.Memory, "more memory than there is");
                Holds(!worker.Any(each => specs[each.Task].Resources.TakesWhole) || worker.Count() == 1, "somebody beside one that must be alone");
                Holds(worker.All(each => specs[each.Task].Resources.Cores == Cores.All ? each.Resources!.Cores == capacity.Cores : each.Resources!.Cores == specs[each.Task].Resources.Cores), "other cores than were asked for");
                int[] gpus = [.. worker.SelectMany(each => each.Gpus ?? [])];
                Holds(gpus.Distinct().Count() == gpus.Length && gpus.All(gpu => gpu >= 0 && gpu < capacity.Gpus), "a GPU twice, or one that is not there");
            }
        }

        private IEnumerable<int> FreeGpus(int worker) =>
            Enumerable.Range(0, workers[worker].Gpus).Except(running.Where(each => each.Worker == worker).SelectMany(each => each.Gpus ?? []));

        private static bool Fits(Resources resources, Resources capacity) =>
            resources.Cores <= capacity.Cores && resources.Memory <= capacity.Memory && resources.Gpus <= capacity.Gpus;

        private void Holds(bool condition, string otherwise) => Assert.True(condition, $"seed {seed}: {otherwise}");
    }
}
