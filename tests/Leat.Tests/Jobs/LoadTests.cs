namespace Leat.Tests.Jobs;

/// <summary>Values that are loaded, on threads.</summary>
public sealed class LoadTests : IDisposable
{
    private readonly JobRig rig = new();
    private readonly Holder holder = new();

    public void Dispose() => rig.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_load_that_fails_is_tried_again_as_often_as_its_job_says()
    {
        var attempts = new Attempts();
        void Define(JobGraph graph)
        {
            LoadJob<int> value = graph.Load("value", () => attempts.Next() > 2 ? 7 : throw new IOException("not yet"), new JobOptions { Retries = 2, RetryDelay = TimeSpan.Zero });
            value.IgnoreCodeChanges();
            graph.File("out", path => File.WriteAllText(path, $"{value.Value}")).DependsOn(value).IgnoreCodeChanges();
        }

        await rig.RunAsync(Define);
        Assert.Equal(("out", "7", 3), (rig.Ran, rig.Read("out"), attempts.Count));

        File.Delete(rig["out"]);
        attempts.Count = -1;
        RunReport report = await rig.RunAsync(Define);
        Assert.Equal((1, 2), (report.Count(JobOutcome.Failed), attempts.Count));
        Assert.StartsWith("LEAT0153: 'value' could not be loaded: not yet", report.Failures.Single().Error!.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_load_that_takes_too_long_is_tried_again()
    {
        var attempts = new Attempts();
        RunReport report = await rig.RunAsync(graph =>
        {
            var options = new JobOptions { Timeout = TimeSpan.FromMilliseconds(50), Retries = 1, RetryDelay = TimeSpan.Zero };
            LoadJob<int> value = graph.Load("value", async token =>
            {
                if (attempts.Next() == 1) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return 7;
            }, options);
            value.IgnoreCodeChanges();
            graph.File("out", path => File.WriteAllText(path, $"{value.Value}")).DependsOn(value).IgnoreCodeChanges();
        });

        Assert.True(report.IsSuccess, string.Join('\n', report.Done));
        Assert.Equal(("7", 2), (rig.Read("out"), attempts.Count));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_property_is_cleared_where_who_needed_it_has_failed()
    {
        RunReport report = await rig.RunAsync(graph =>
        {
            AttributeJob value = graph.Load(() => holder.Value, () => "loaded", "value");
            graph.File("good", path => File.WriteAllText(path, "good")).DependsOn(value);
            graph.File("bad", path => throw new IOException(holder.Value)).DependsOn(value).IgnoreCodeChanges();
        });

        Assert.Equal("loaded", report.Failures.Single().Error!.Message);
        Assert.Null(holder.Value);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_property_is_cleared_where_the_run_was_stopped_ahead_of_those_who_need_it()
    {
        JobGraph graph = rig.Graph();
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        AttributeJob value = graph.Load(() => holder.Value, () => "loaded", "value");
        FileJob first = graph.File("first", async path =>
        {
            begun.SetResult();
            await goOn.Task;
            await File.WriteAllTextAsync(path, holder.Value);
        }).DependsOn(value).IgnoreCodeChanges();
        graph.File("second", path => File.WriteAllText(path, holder.Value)).DependsOn(first).DependsOn(value);

        await using Pool pool = Pool.Threads(1);
        await using JobRun run = graph.Start(new RunOptions { Pool = pool, SharesMachine = false });
        await begun.Task;
        Assert.Equal("loaded", holder.Value);
        run.Stop();
        goOn.SetResult();
        RunReport report = await run.Completion;

        Assert.Equal((1, 1), (report.Count(JobOutcome.Succeeded), report.Count(JobOutcome.Cancelled)));
        Assert.Equal("loaded", rig.Read("first"));
        Assert.Null(holder.Value);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_only_throws_needs_no_help_to_be_understood()
    {
        RunReport report = await rig.RunAsync(graph =>
        {
            LoadJob<int> load = graph.Load<int>("load", () => throw new IOException("load"));
            CachedJob<int> cached = graph.Cached<int>("cached", () => throw new IOException("cached"));
            AttributeJob attribute = graph.Load<string?>(() => holder.Value, () => throw new IOException("attribute"), "attribute");
            foreach (Job job in new Job[] { load, cached, attribute }) graph.File($"of {job.Id}", path => File.WriteAllText(path, "")).DependsOn(job);
        });

        Assert.Equal(["attribute", "cached", "load"], report.Failures.Select(each => each.Error!.Message.Split(": ")[^1]).Order(StringComparer.Ordinal));
    }

    private sealed class Holder
    {
        public string? Value { get; set; }
    }

    private sealed class Attempts
    {
        private int count;

        public int Count
        {
            get => count;
            set => count = value;
        }

        public int Next() => Interlocked.Increment(ref count);
    }
}
