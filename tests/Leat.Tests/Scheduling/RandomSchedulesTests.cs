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
    ];

    [Fact(Timeout = 600_000)]
    public Task Every_task_ends_once_after_all_that_it_needs_and_nobody_is_given_more_than_there_is() => Task.Run(() =>
    {
        for (int seed = 0; seed < 400 * Repeat.Times(1); seed++) new Simulation(seed).Run();
    });

    private sealed class Simulation
    {
        private readonly int seed;
        private readonly Random random;
        private readonly List<Instruction> instructions = [];
        private readonly Scheduler scheduler;
        private readonly List<int[]> needs = [];
        private readonly List<int> tries = [];
        private readonly List<(int Task, int Worker, int Attempt, Resources Resources)> running = [];
        private readonly List<(int Task, int Attempt)> late = [];
        private readonly HashSet<int> delayed = [];
        private readonly Dictionary<int, Resources> workers = [];
        private readonly Dictionary<int, InstructionKind> ended = [];
        private readonly Dictionary<int, int> lossesInARow = [];
        private readonly Dictionary<int, int> failures = [];

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
            for (int step = 0; step < 20_000; step++)
            {
                if (needs.Count < all && random.Next(3) == 0) Submit(random.Next(1, 20));
                if (random.Next(40) == 0) Join();
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
                };
                int task = scheduler.Submit(spec, some);
                Holds(task == known, "numbers follow each other");
                needs.Add(some);
                tries.Add(retries + 1);
            }
        }

        private void Join()
        {
            var capacity = new Resources { Cores = 4 + random.Next(4), Memory = 1000 + random.Next(1000) };
            workers.Add(scheduler.Join(capacity), capacity);
        }

        private void Lose()
        {
            int worker = workers.Keys.ElementAt(random.Next(workers.Count));
            workers.Remove(worker);
            foreach ((int task, _, int attempt, _) in running.Where(each => each.Worker == worker))
            {
                late.Add((task, attempt));
                lossesInARow[task] = lossesInARow.GetValueOrDefault(task) + 1;
            }

            running.RemoveAll(each => each.Worker == worker);
            scheduler.Lost(worker);
        }

        private void Answer()
        {
            int index = random.Next(running.Count);
            (int task, _, int attempt, _) = running[index];
            running.RemoveAt(index);
            if (random.Next(6) > 0)
            {
                scheduler.Succeeded(task, attempt);
                return;
            }

            lossesInARow[task] = 0;
            failures[task] = failures.GetValueOrDefault(task) + 1;
            scheduler.Failed(task, attempt, (FailureCause)random.Next(3));
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
                        running.Add((each.Task, each.Worker, each.Attempt, each.Resources!));
                        break;
                    case InstructionKind.Retry:
                        delayed.Add(each.Task);
                        break;
                    case InstructionKind.Done or InstructionKind.GiveUp:
                        Holds(ended.TryAdd(each.Task, each.Kind), $"{each.Task} ends twice");
                        if (each.Cause == FailureCause.Poisonous) Holds(lossesInARow[each.Task] == 3, $"{each.Task} is no poison");
                        else if (scheduler.StateOf(each.Task) == TaskState.Failed) Holds(failures[each.Task] == tries[each.Task], $"{each.Task} failed {failures[each.Task]} times of {tries[each.Task]}");
                        break;
                }
            }

            instructions.Clear();
        }

        private void Check()
        {
            foreach (IGrouping<int, (int Task, int Worker, int Attempt, Resources Resources)> worker in running.GroupBy(each => each.Worker))
            {
                Holds(worker.Sum(each => each.Resources.Cores) <= workers[worker.Key].Cores, "more cores than there are");
                Holds(worker.Sum(each => each.Resources.Memory) <= workers[worker.Key].Memory, "more memory than there is");
            }
        }

        private void Holds(bool condition, string otherwise) => Assert.True(condition, $"seed {seed}: {otherwise}");
    }
}
