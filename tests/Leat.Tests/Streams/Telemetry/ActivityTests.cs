using System.Diagnostics;

namespace Leat.Tests.Streams.Telemetry;

/// <summary>A run is one activity.</summary>
public sealed class ActivityTests
{
    [Fact(Timeout = 30_000)]
    public async Task Every_run_is_one_activity_that_names_its_stages()
    {
        using var recorded = new RecordedActivities();
        string name = Unique();
        Pipe<int> pipe = Enumerable.Range(0, 10) | Stage.Map((int item) => item, workers: 3).Named(name) | Stage.Batch<int>(2) | Stage.Map((int[] items) => items.Length);

        await pipe.CountAsync();
        await pipe.ExecuteAsync();
        await using Flow flow = Flow.Start(pipe | Sink.None<int>());
        await flow.Completion;

        Activity[] activities = recorded.Of(name);
        Assert.Equal(3, activities.Length);
        Assert.All(activities, activity => Assert.Equal(("leat.run", ActivityKind.Internal, "Leat"), (activity.OperationName, activity.Kind, activity.Source.Name)));
        Assert.All(activities, activity => Assert.Equal((ActivityStatusCode.Unset, null), (activity.Status, activity.StatusDescription)));
        Assert.Equal(["Source", name, "Batch", "Map"], RecordedActivities.StagesOf(activities[0]));
        Assert.Equal(["Source", name, "Batch", "Map", "None"], RecordedActivities.StagesOf(activities[2]));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_fails_has_the_status_of_an_error(bool carried)
    {
        using var recorded = new RecordedActivities();
        string name = Unique();
        Pipe<int> pipe = Enumerable.Range(0, 10)
            | Stage.Map((int item) => item == 5 ? throw new TestFailureException("here") : item).Named(name).With(onError: carried ? OnError.Carry : OnError.Stop);

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await pipe.ExecuteAsync());
        await using Flow flow = Flow.Start(pipe);
        await Ended.FailedAsync(flow);

        Activity[] activities = recorded.Of(name);
        Assert.Equal(2, activities.Length);
        Assert.All(activities, activity => Assert.Equal((ActivityStatusCode.Error, error.Message), (activity.Status, activity.StatusDescription)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_that_is_cancelled_or_broken_off_has_not_failed()
    {
        using var recorded = new RecordedActivities();
        string name = Unique();
        Pipe<int> pipe = Endless() | Stage.Map((int item) => item).Named(name);

        await pipe.Take(3).CountAsync();
        Flow flow = Flow.Start(pipe);
        await flow.DisposeAsync();
        await using Flow stopped = Flow.Start(pipe);
        await stopped.StopAsync();

        Activity[] activities = recorded.Of(name);
        Assert.Equal(3, activities.Length);
        Assert.All(activities, activity => Assert.Equal(ActivityStatusCode.Unset, activity.Status));
    }

    [Fact(Timeout = 30_000)]
    public async Task Skipped_items_do_not_fail_the_run_and_are_events_of_it()
    {
        using var recorded = new RecordedActivities();
        string name = Unique();
        Pipe<int> pipe = Enumerable.Range(0, 10)
            | Stage.Map((int item) => item < 2 ? throw new TestFailureException("here") : item).Named(name).With(onError: OnError.Retry(1, then: OnError.Skip));

        await pipe.CountAsync();

        Activity activity = Assert.Single(recorded.Of(name));
        Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        Assert.Equal(["ItemRetried", "ItemSkipped", "ItemRetried", "ItemSkipped"], activity.Events.Select(happened => happened.Name));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_belongs_to_what_its_starter_does_and_leaves_that_as_it_is()
    {
        using var recorded = new RecordedActivities();
        string name = Unique();
        using var outer = new Activity("outer");
        outer.Start();

        await using Flow flow = Flow.Start(Enumerable.Range(0, 10) | Stage.Map((int item) => item).Named(name));
        Assert.Same(outer, Activity.Current);
        await flow.Completion;
        Assert.Same(outer, Activity.Current);

        Assert.Equal(outer.SpanId, Assert.Single(recorded.Of(name)).ParentSpanId);
    }

    private static string Unique() => $"stage {Guid.NewGuid():N}";

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }
}
