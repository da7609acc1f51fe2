namespace Leat.Tests.Streams.Telemetry;

/// <summary>The meter "Leat": what stages take in, fail on, and have waiting.</summary>
public sealed class MeterTests
{
    private const string Items = "leat.stage.items";
    private const string Failures = "leat.stage.failures";
    private const string Queued = "leat.stage.queued";

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Items_and_failures_are_those_of_the_statistics(int workers)
    {
        using var recorded = new RecordedMeasurements();
        (string first, string second) = (Unique(), Unique());
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10_000)
            | Stage.Map((int item) => item % 100 == 0 ? throw new TestFailureException("here") : item, workers).With(onError: OnError.Skip).Named(first)
            | Stage.Filter((int item) => item % 2 == 0, workers).Named(second));

        await flow.Completion;

        Assert.Equal(10_000, recorded.SumOf(Items, first));
        Assert.Equal(100, recorded.SumOf(Failures, first));
        Assert.Equal(9_900, recorded.SumOf(Items, second));
        Assert.Equal(0, recorded.SumOf(Failures, second));
        Assert.Equal(flow.Stats[first].In, recorded.SumOf(Items, first));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_stops_the_run_is_counted_too()
    {
        using var recorded = new RecordedMeasurements();
        string name = Unique();
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10) | Stage.Map((int item) => item == 5 ? throw new TestFailureException("here") : item).Named(name));

        await Ended.FailedAsync(flow);

        Assert.Equal(1, recorded.SumOf(Failures, name));
        Assert.Equal(flow.Stats[name].In, recorded.SumOf(Items, name));
    }

    [Fact(Timeout = 30_000)]
    public async Task Retries_count_once()
    {
        using var recorded = new RecordedMeasurements();
        string name = Unique();
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10) | Stage.Map<int, int>(_ => throw new TestFailureException("here")).With(onError: OnError.Retry(3, then: OnError.Skip)).Named(name));

        await flow.Completion;

        Assert.Equal(10, recorded.SumOf(Failures, name));
        Assert.Equal(10, recorded.SumOf(Items, name));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stages_over_the_whole_stream_are_counted_too(int workers)
    {
        using var recorded = new RecordedMeasurements();
        (string good, string bad) = (Unique(), Unique());
        Pipe<int> items = Source.From(Enumerable.Range(0, 1000));
        await using Flow flow = Flow.Start(items | Stage.Of((IEnumerable<int> all) => all.Where(item => item % 2 == 0), workers).Named(good));
        await flow.Completion;
        await using Flow failing = Flow.Start(items | Stage.Of((IEnumerable<int> all) => all.Select<int, int>(_ => throw new TestFailureException("here"))).Named(bad));
        await Ended.FailedAsync(failing);

        Assert.Equal(1000, recorded.SumOf(Items, good));
        Assert.Equal(1, recorded.SumOf(Failures, bad));
    }

    [Fact(Timeout = 30_000)]
    public async Task The_gauge_shows_what_waits_in_a_stage_s_output_while_the_run_goes_on()
    {
        using var recorded = new RecordedMeasurements();
        string name = Unique();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Null(recorded.Observe(Queued, name));
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 100)
            | Stage.Map((int item) => item).With(capacity: 7).Named(name)
            | Stage.Map<int, int>(async item =>
            {
                await gate.Task;
                return item;
            }).With(batch: 1));

        await Eventually.TrueAsync(() => recorded.Observe(Queued, name) is > 3 and <= 8, () => $"{recorded.Observe(Queued, name)} items wait.");
        gate.SetResult();
        await flow.Completion;

        Assert.Null(recorded.Observe(Queued, name));
    }

    private static string Unique() => $"stage {Guid.NewGuid():N}";
}
