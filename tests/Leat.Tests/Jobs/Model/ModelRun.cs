namespace Leat.Tests.Jobs.Model;

/// <summary>What a run did.</summary>
internal sealed class ModelRun
{
    private readonly List<string> started = [];
    private RunReport? report;
    private RunPlan? plan;
    private LeatException? refusal;
    private string? touched;

    private ModelRun(bool isCut) => IsCut = isCut;

    /// <summary>It was to be stopped in the middle.</summary>
    public bool IsCut { get; }

    public IReadOnlySet<string> Ran => Ids(JobOutcome.Succeeded);

    public static async Task<ModelRun> PlayAsync(JobGraph graph, Definer definer, RunSpec spec, Surroundings surroundings)
    {
        var played = new ModelRun(spec.StopsAt >= 0);
        await using Pool pool = Pool.Threads(spec.Threads);
        var cut = new Cut(spec);
        var options = new RunOptions
        {
            Pool = pool,
            SharesMachine = false,
            Targets = [.. spec.Targets.Select(each => definer[each])],
            Events = each =>
            {
                if (each is JobStarted start) played.started.Add(start.Job.Text);
                cut.Count();
            },
        };
        if (spec.IsPlanned) await played.PlanAsync(graph, options, surroundings);
        try
        {
            await using JobRun run = graph.Start(options);
            cut.Take(run);
            played.report = await run.Completion.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
        catch (LeatException error) when (error.Message.StartsWith("LEAT0141", StringComparison.Ordinal))
        {
            played.refusal = error;
        }

        return played;
    }

    /// <summary>What is not as the oracle says; null if all is.</summary>
    public string? FaultOf(Expectation expected, Surroundings surroundings)
    {
        if (expected.IsRefused != refusal is not null) return expected.IsRefused ? "it ran, though inputs are missing" : $"it was refused: {refusal!.Message}";
        if (touched is not null) return $"the plan changed {touched}";
        if (expected.IsRefused) return null;
        string? fault = FaultOfSets(expected) ?? FaultOfCalls(expected, surroundings);
        return fault is null && !IsCut && expected.Failed.Count == 0 ? FaultOfPlan(expected) : fault;
    }

    private string? FaultOfSets(Expectation expected)
    {
        foreach ((JobOutcome outcome, HashSet<string> right) in new[] { (JobOutcome.Succeeded, expected.Ran), (JobOutcome.Failed, expected.Failed), (JobOutcome.Upstream, expected.Upstream) })
        {
            HashSet<string> found = Ids(outcome);
            if (found.Except(right).Except(expected.Vague).FirstOrDefault() is { } wrong) return $"'{wrong}' {outcome}, and should not have\n{Summary(expected)}";
            if (!IsCut && right.Except(found).Except(expected.Vague).FirstOrDefault() is { } missing) return $"'{missing}' should have {outcome}, and is {report!.Jobs.FirstOrDefault(each => each.Job.Id.Text == missing)}\n{Summary(expected)}";
        }

        if (!IsCut && Ids(JobOutcome.Cancelled).FirstOrDefault() is { } cancelled) return $"'{cancelled}' was cancelled";
        return null;
    }

    private string Summary(Expectation expected) =>
        $"expected to run: {string.Join(", ", expected.Ran)}; to fail: {string.Join(", ", expected.Failed)}; upstream: {string.Join(", ", expected.Upstream)}\n{string.Join('\n', report!.Done)}";

    // Every action is called once, and none that did not run.
    private string? FaultOfCalls(Expectation expected, Surroundings surroundings)
    {
        HashSet<string> all = [.. report!.Done.Where(each => each.Attempts > 0).Select(each => each.Job.Id.Text)];
        if (!IsCut && !all.SetEquals(started)) return $"started were {string.Join(", ", started.Order(StringComparer.Ordinal))}, and reported {string.Join(", ", all.Order(StringComparer.Ordinal))}";
        Dictionary<string, int> calls = surroundings.Called.CountBy(each => each).ToDictionary(StringComparer.Ordinal);
        foreach ((string id, int count) in calls)
        {
            if (!expected.Loads.Contains(id) && !expected.Vague.Contains(id) && !IsCut && !all.Contains(id)) return $"'{id}' was called, and did not run";
            if (count > 1 && expected.Ran.Contains(id) && !expected.Again.Contains(id) && !expected.Vague.Contains(id)) return $"'{id}' was called {count} times";
        }

        if (IsCut || expected.Failed.Count > 0) return null;
        return expected.Loads.FirstOrDefault(each => !calls.ContainsKey(each)) is { } load ? $"'{load}' was not loaded" : null;
    }

    private string? FaultOfPlan(Expectation expected)
    {
        if (plan is null) return null;
        foreach (JobReport job in report!.Jobs.Where(each => each.Outcome == JobOutcome.Succeeded))
        {
            // What makers make that can't run yet, and what only that needs, the plan can't know, and warns.
            if (plan[job.Job.Id] is { State: PlannedState.WillRun or PlannedState.MayRun } || plan.Warnings.Count > 0 || expected.Vague.Contains(job.Job.Id.Text)) continue;
            return $"'{job.Job.Id}' ran, and the plan said {plan[job.Job.Id]?.ToString() ?? "nothing"}";
        }

        return plan.Jobs.FirstOrDefault(each => each.State == PlannedState.WillRun && each.Job.Kind != JobKind.Load && !expected.Vague.Contains(each.Job.Id.Text) && !Ran.Contains(each.Job.Id.Text)) is { } idle
            ? $"'{idle.Job.Id}' did not run, and the plan said {idle}"
            : null;
    }

    private async Task PlanAsync(JobGraph graph, RunOptions options, Surroundings surroundings)
    {
        string before = Snapshot(graph.Folder);
        try
        {
            plan = await graph.PlanAsync(options);
        }
        catch (LeatException error) when (error.Message.StartsWith("LEAT0141", StringComparison.Ordinal))
        {
        }

        string after = Snapshot(graph.Folder);
        if (before != after) touched = $"files: {before}\n became {after}";
        // Makers make jobs, in plans too.
        string[] called = [.. surroundings.Called.Where(each => !graph.TryFind(each, out IJobInput? job) || job.Job.Kind is not (JobKind.Generate or JobKind.Inject))];
        if (called.Length > 0) touched = $"what has run: {string.Join(", ", called)}";
        surroundings.Called.Clear();
        surroundings.Injected.Clear();
    }

    private static string Snapshot(string folder) => string.Join('\n', Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) ? new FileInfo(path).Length : -1)}"));

    private HashSet<string> Ids(JobOutcome outcome) => [.. (report?.Jobs ?? []).Where(each => each.Outcome == outcome).Select(each => each.Job.Id.Text)];

    /// <summary>Stops a run at an event.</summary>
    private sealed class Cut(RunSpec spec)
    {
        private readonly Lock gate = new();
        private JobRun? run;
        private int left = spec.StopsAt;
        private bool isDue;

        public void Count()
        {
            lock (gate)
            {
                if (spec.StopsAt < 0 || isDue || left-- > 0) return;
                isDue = true;
                if (run is not null) Stop(run);
            }
        }

        public void Take(JobRun started)
        {
            lock (gate)
            {
                run = started;
                if (isDue) Stop(started);
            }
        }

        private void Stop(JobRun each)
        {
            if (spec.IsCancelled) each.Cancel();
            else each.Stop();
        }
    }
}
