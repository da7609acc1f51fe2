using System.Collections.Concurrent;

namespace Leat.Tests.Streams.Operators;

/// <summary>A part that fails makes its whole item a failure; the others are not touched.</summary>
public sealed class GatherFailuresTests
{
    private static readonly Stage<int, Part<int>> Scatter = Stage.Scatter<int, int>(item => [item, item + 1, item + 2]);
    private readonly ConcurrentQueue<RunEvent> events = [];

    // Parts 201 and 500 fail, the middle one of item 200 and the first of 500.
    private static Stage<int, int> Between(OnError onError, int workers = 4, bool ordered = false) => Stage.Map<int, int>(
        async Task<int> (part) =>
        {
            if (part % 2 == 0) await Task.Yield();
            return part is 201 or 500 ? throw new TestFailureException($"{part}") : part;
        },
        workers).With(onError: onError, ordered: ordered);

    [Theory(Timeout = 30_000)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    public async Task Skipped_its_whole_item_is_dropped(int workers, bool ordered)
    {
        List<int> results = [];
        Pipe pipe = new[] { 100, 200, 300, 400, 500 } | Scatter | Between(OnError.Skip, workers, ordered) | Stage.Gather<int, int>(parts => parts.Sum()) | Sink.ForEach<int>(results.Add);
        await using Flow flow = Flow.Start(pipe, new FlowOptions { Events = events.Enqueue });
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(FlowState.Completed, flow.State);
        Assert.Equal([303, 903, 1203], results);
        Assert.Equal(2, flow.Stats["Map"].Skipped);
        Assert.Equal(["201", "500"], events.OfType<ItemSkipped>().Select(skip => skip.Failure.Exception.Message).Order());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    public async Task Carried_its_whole_item_is_an_outcome_in_its_place(int workers, bool ordered)
    {
        List<Outcome<int>> outcomes = await (new[] { 100, 200, 300, 400, 500 } | Scatter | Between(OnError.Carry, workers, ordered) | Stage.Gather<int, int>(parts => parts.Sum()))
            .Outcomes().ToListAsync();
        Assert.Equal([true, false, true, true, false], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal([303, 903, 1203], outcomes.Where(outcome => outcome.IsSuccess).Select(outcome => outcome.Value));
        Assert.Equal(["201", "500"], outcomes.Where(outcome => !outcome.IsSuccess).Select(outcome => outcome.Failure!.Exception.Message));
    }

    [Fact(Timeout = 30_000)]
    public async Task Stopped_the_items_before_it_are_delivered()
    {
        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            Stage<int, int> stage = Scatter | Between(OnError.Stop, ordered: true) | Stage.Gather<int, int>(parts => parts.Sum());
            await foreach (int result in new[] { 100, 101, 102, 200, 300 } | stage) results.Add(result);
        });
        Assert.Equal([303, 306, 309], results);
        Assert.Equal("201", error.Failures[0].Exception.Message);
        Assert.Equal(10, error.Failures[0].Number);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_split_that_fails_fails_its_item_alone()
    {
        Stage<int, int> stage = Stage.Scatter<int, int>(item => item == 2 ? throw new TestFailureException("split") : [item, item]).With(onError: OnError.Carry)
            | Stage.Map<int, int>(part => part)
            | Stage.Gather<int, int>(parts => parts.Sum());
        List<Outcome<int>> outcomes = await (new[] { 1, 2, 3 } | stage).Outcomes().ToListAsync();
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal((2, "split"), (outcomes[1].Failure!.Item, outcomes[1].Failure!.Exception.Message));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_comes_from_before_the_scatter_passes_through()
    {
        Stage<int, int> before = Stage.Map<int, int>(item => item == 2 ? throw new TestFailureException("before") : item).With(onError: OnError.Carry);
        List<Outcome<int>> outcomes = await (new[] { 1, 2, 3 } | before | Scatter | Stage.Map<int, int>(part => part, workers: 2) | Stage.Gather<int, int>(parts => parts.Sum()))
            .Outcomes().ToListAsync();
        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal("before", outcomes[1].Failure!.Exception.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_combination_that_fails_ends_the_run_behind_the_items_before_it()
    {
        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            Stage<int, int> stage = Scatter | Stage.Map<int, int>(part => part, workers: 3)
                | Stage.Gather<int, int>(parts => parts[0] == 300 ? throw new TestFailureException("combine") : parts.Sum());
            await foreach (int result in new[] { 100, 200, 300, 400 } | stage) results.Add(result);
        });
        Assert.Equal([303, 603], results);
        Assert.Equal("combine", Assert.Single(error.Failures).Exception.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_part_is_tried_again_before_its_item_fails()
    {
        int attempts = 0;
        Stage<int, int> flaky = Stage.Map<int, int>(part => part == 201 && Interlocked.Increment(ref attempts) < 3 ? throw new TestFailureException("201") : part, workers: 3);
        Assert.Equal(
            [303, 603, 903],
            await (new[] { 100, 200, 300 } | Scatter | flaky.With(onError: OnError.Retry(2)) | Stage.Gather<int, int>(parts => parts.Sum())).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Parts_that_are_taken_away_on_the_way_are_told()
    {
        Stage<Part<int>, Part<int>> thief = Stage.Filter<Part<int>>(part => part.Index != 1);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
            await (new[] { 100, 200 } | Scatter.Then(thief) | Stage.Gather<int>()).ToListAsync());
        Assert.Equal("LEAT0018", Assert.IsType<LeatException>(Assert.Single(error.Failures).Exception).Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_one_gather_gives_on_keeps_its_place_in_the_next()
    {
        Stage<int, int> picky = Stage.Map<int, int>(part => part == 1 ? throw new TestFailureException("one") : part, workers: 2).With(onError: OnError.Carry);
        Stage<int, int> once = Stage.Scatter<int, int>(item => [item, item]) | picky | Stage.Gather<int, int>(parts => parts[0]);
        Stage<int, int> again = Stage.Scatter<int, int>(item => [item, item]) | Stage.Map<int, int>(part => part * 10, workers: 2) | Stage.Gather<int, int>(parts => parts[1]);
        List<Outcome<int>> outcomes = await (Enumerable.Range(0, 5) | once | again).Outcomes().ToListAsync();
        Assert.Equal(["0", "failed", "20", "30", "40"], outcomes.Select(outcome => outcome.IsSuccess ? $"{outcome.Value}" : "failed"));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_two_branches_gather_is_told_once()
    {
        Pipe<Part<int>> parts = Enumerable.Range(0, 3) | Stage.Scatter<int, int>(item => [item])
            | Stage.Map<int, int>(part => part == 1 ? throw new TestFailureException("one") : part).With(onError: OnError.Carry);
        await using Flow flow = Flow.Start(parts | Stage.Gather<int>() | Sink.None<int[]>(), parts | Stage.Gather<int>() | Sink.None<int[]>());
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Single(error.Failures);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failed_split_keeps_its_place()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Stage<int, Part<int>> split = Stage.Scatter<int, int>(item => item == 1 ? throw new TestFailureException("one") : [item]).With(onError: OnError.Carry);
        Stage<int, int> slow = Stage.Map<int, int>(async Task<int> (part) =>
        {
            if (part == 3) gate.SetResult();
            if (part == 0) await gate.Task;
            return part;
        }, workers: 4).With(ordered: false);
        List<Outcome<int[]>> outcomes = await (Enumerable.Range(0, 4) | split | slow | Stage.Gather<int>()).Outcomes().ToListAsync();
        Assert.Equal(["0", "failed", "2", "3"], outcomes.Select(outcome => outcome.IsSuccess ? $"{outcome.Value[0]}" : "failed"));
    }

    [Fact(Timeout = 30_000)]
    public async Task Parts_that_are_skipped_and_never_gathered_fail_nothing()
    {
        Pipe<Part<int>> parts = Enumerable.Range(0, 3) | Stage.Scatter<int, int>(item => [item])
            | Stage.Map<int, int>(part => part == 1 ? throw new TestFailureException("one") : part).With(onError: OnError.Skip);
        Assert.Equal(2, await parts.CountAsync());
        Assert.Equal(2, await parts.Outcomes().CountAsync());
        await using Flow flow = Flow.Start(parts | Sink.None<Part<int>>(), parts | Sink.ForEach<Part<int>>(_ => { }));
        await flow.Completion;
    }
}
