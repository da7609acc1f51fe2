using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Leat.Tests.Streams.Errors;

/// <summary>OnError.Carry: the failure travels to the end in its item's place, past the stages behind.</summary>
public sealed class CarryTests
{
    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Outcomes_come_in_the_place_and_order_of_their_items(int workers)
    {
        Pipe<int> pipe = Enumerable.Range(0, 2000) | FailsOn(item => item % 7 == 0, workers);

        List<Outcome<int>> outcomes = await pipe.Outcomes().ToListAsync();

        Assert.Equal(2000, outcomes.Count);
        for (int i = 0; i < outcomes.Count; i++)
        {
            Assert.Equal(i % 7 != 0, outcomes[i].IsSuccess);
            Assert.Equal(i, outcomes[i].Failure?.Number ?? outcomes[i].Value);
        }
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Later_stages_are_not_called_on_a_failure(int workers)
    {
        int calls = 0;
        Pipe<int> pipe = Enumerable.Range(0, 100)
            | FailsOn(item => item % 10 == 0, workers)
            | Stage.Tap<int>(_ => Interlocked.Increment(ref calls), workers)
            | Stage.Filter((int item) => item % 10 != 5)
            | Stage.FlatMap((int item) => Enumerable.Repeat(item, 1), workers)
            | Stage.Map(async (int item, CancellationToken _) =>
            {
                await Task.Yield();
                return item;
            })
            | Stage.Distinct<int>();

        string words = await Collected.InWordsAsync(pipe.Outcomes());

        Assert.Equal(90, calls);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 100).Where(i => i % 10 != 5).Select(i => i % 10 == 0 ? $"[{i}]" : $"{i}")), words);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_plain_enumeration_throws_at_the_end_behind_all_values(int workers)
    {
        Pipe<int> pipe = Enumerable.Range(0, 1000) | FailsOn(item => item is 3 or 500 or 999, workers) | Stage.Map((int item) => item);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal(Enumerable.Range(0, 1000).Except([3, 500, 999]), items);
        Assert.Equal([3L, 500, 999], error.Failures.Select(failure => failure.Number));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_outcome_tells_what_became_of_its_item()
    {
        List<Outcome<int>> outcomes = await (new[] { 4, 5 } | FailsOn(item => item == 5, 1)).Outcomes().ToListAsync();

        Assert.Equal((true, 4, "4"), (outcomes[0].IsSuccess, outcomes[0].Value, $"{outcomes[0]}"));
        Assert.Null(outcomes[0].Failure);
        Assert.False(outcomes[1].IsSuccess);
        Assert.Equal("stage 'Map' failed on item 1 (5): TestFailureException: carried", $"{outcomes[1]}");
        PipelineException error = Assert.Throws<PipelineException>(() => outcomes[1].Value);
        Assert.Same(outcomes[1].Failure, Assert.Single(error.Failures));
    }

    [Fact(Timeout = 30_000)]
    public async Task Carried_failures_pass_a_zip_in_their_place()
    {
        Pipe<int> source = Source.From(Enumerable.Range(0, 6));
        Pipe<(int, int)> pipe = Pipe.Zip(source | FailsOn(item => item is 1 or 4, 1), source | FailsOn(item => item is 2 or 4, 2).Named("right"));

        List<Outcome<(int, int)>> outcomes = await pipe.Outcomes().ToListAsync();

        Assert.Equal([true, false, false, true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal((1, "Map"), ((int)outcomes[1].Failure!.Item!, outcomes[1].Failure!.Stage));
        Assert.Equal((2, "right"), ((int)outcomes[2].Failure!.Item!, outcomes[2].Failure!.Stage));
        AggregateException both = Assert.IsType<AggregateException>(outcomes[4].Failure!.Exception);
        Assert.Equal(["Map", "right"], both.InnerExceptions.Cast<PipelineException>().Select(error => error.Failures[0].Stage));
        Assert.Equal((5, 5), outcomes[5].Value);
    }

    [Fact(Timeout = 30_000)]
    public async Task Carried_failures_go_round_a_batch()
    {
        Pipe<string> pipe = Enumerable.Range(1, 6)
            | FailsOn(item => item == 3, 1)
            | Stage.Batch<int>(2)
            | Stage.Map((int[] items) => string.Join(',', items));

        Assert.Equal("1,2 [3] 4,5 6", await Collected.InWordsAsync(pipe.Outcomes()));
    }

    [Fact(Timeout = 30_000)]
    public async Task Carried_failures_go_round_a_fold()
    {
        Pipe<int> pipe = Enumerable.Range(1, 6) | FailsOn(item => item == 3, 2) | Stage.Fold(0, (int sum, int item) => sum + item);

        Assert.Equal("[3] 18", await Collected.InWordsAsync(pipe.Outcomes()));
        await Assert.ThrowsAsync<PipelineException>(async () => await pipe.ExecuteAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task Carried_failures_go_round_a_function_over_the_stream()
    {
        Pipe<int> failing = Enumerable.Range(1, 6) | FailsOn(item => item is 3 or 6, 1);
        Stage<int, int> blocking = Stage.Of((IEnumerable<int> items) => items.Select(item => item * 2));
        Stage<int, int> asynchronous = Stage.Of<int, int>((items, token) => DoubledAsync(items, token));
        Stage<int, int> single = Stage.Of<int, int>((items, token) => items.SumAsync(token));

        foreach (Stage<int, int> stage in new[] { blocking, asynchronous })
        {
            string words = await Collected.InWordsAsync((failing | stage).Outcomes());
            Assert.Equal(["10", "2", "4", "8", "[3]", "[6]"], words.Split(' ').Order(StringComparer.Ordinal));
        }

        string sum = await Collected.InWordsAsync((failing | single).Outcomes());
        Assert.Equal(["12", "[3]", "[6]"], sum.Split(' ').Order(StringComparer.Ordinal));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Carried_failures_pass_joints(bool inTurn)
    {
        Pipe<int> one = Enumerable.Range(0, 4) | FailsOn(item => item == 1, 1);
        Pipe<int> other = Enumerable.Range(10, 4) | FailsOn(item => item == 12, 1);

        string words = await Collected.InWordsAsync((inTurn ? Pipe.Concat(one, other) : Pipe.Merge(one, other)).Outcomes());

        Assert.Equal("0 [1] 2 3", string.Join(' ', words.Split(' ').Where(word => word.Trim('[', ']').Length == 1)));
        Assert.Equal("10 11 [12] 13", string.Join(' ', words.Split(' ').Where(word => word.Trim('[', ']').Length == 2)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failed_part_is_carried_in_the_place_of_its_item()
    {
        Pipe<int> pipe = new[] { 10, 20, 30 }
            | Stage.Scatter((int item) => Enumerable.Range(item, 3))
            | Stage.Map((int part) => part == 21 ? throw new TestFailureException("part") : part, workers: 3).With(onError: OnError.Carry)
            | Stage.Gather<int, int>(parts => parts.Sum());

        List<Outcome<int>> outcomes = await pipe.Outcomes().ToListAsync();

        Assert.Equal([true, false, true], outcomes.Select(outcome => outcome.IsSuccess));
        Assert.Equal((33, 93), (outcomes[0].Value, outcomes[2].Value));
        Assert.Equal("part", outcomes[1].Failure!.Exception.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_sink_gets_the_values_and_the_flow_fails_at_the_end()
    {
        List<int> sunk = [];
        await using Flow flow = Flow.Start(Enumerable.Range(0, 10) | FailsOn(item => item is 2 or 7, 2) | Sink.ForEach<int>(sunk.Add));

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal([0, 1, 3, 4, 5, 6, 8, 9], sunk);
        Assert.Equal([2L, 7], error.Failures.Select(failure => failure.Number));
        Assert.Equal(FlowState.Failed, flow.State);
        Assert.Equal((2, 0), (flow.Stats["Map"].Failed, flow.Stats["Map"].Skipped));
    }

    [Fact(Timeout = 30_000)]
    public async Task Items_that_are_dropped_at_the_end_fail_the_flow_all_the_same()
    {
        await using Flow flow = Flow.Start(Enumerable.Range(0, 5000) | FailsOn(item => item == 4321, 2));

        Assert.Equal(4321, Assert.Single((await Ended.FailedAsync(flow)).Failures).Number);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_channel_gets_the_values_and_then_the_exception()
    {
        var channel = Channel.CreateUnbounded<int>();
        await using Flow flow = Flow.Start(Enumerable.Range(0, 5) | FailsOn(item => item == 2, 1) | Sink.Channel(channel.Writer));

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(channel.Reader.ReadAllAsync());

        Assert.Equal([0, 1, 3, 4], items);
        Assert.Equal(2, Assert.Single(error.Failures).Number);
        await Ended.FailedAsync(flow);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_reaches_two_ends_is_told_once()
    {
        Pipe<int> failing = Enumerable.Range(0, 5) | FailsOn(item => item == 2, 1);
        await using Flow flow = Flow.Start(failing | Sink.None<int>(), failing | Sink.ForEach<int>(_ => { }));

        Assert.Single((await Ended.FailedAsync(flow)).Failures);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_that_no_end_has_reached_does_not_fail_the_run()
    {
        Pipe<int> pipe = Enumerable.Range(0, 1000) | FailsOn(item => item == 900, 1) | Stage.Take<int>(3);

        Assert.Equal([0, 1, 2], await pipe.ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_run_that_stops_tells_the_failures_that_were_carried_before_too()
    {
        Pipe<int> pipe = Enumerable.Range(0, 100)
            | FailsOn(item => item == 2, 1)
            | Stage.Map((int item) => item == 5 ? throw new TestFailureException("stopped") : item).Named("strict");

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal([0, 1, 3, 4], items);
        Assert.Equal(["carried", "stopped"], error.Failures.Select(failure => failure.Exception.Message).Order(StringComparer.Ordinal));
    }

    private static Stage<int, int> FailsOn(Func<int, bool> fails, int workers) =>
        Stage.Map((int item) => fails(item) ? throw new TestFailureException("carried") : item, workers).With(onError: OnError.Carry);

    private static async IAsyncEnumerable<int> DoubledAsync(IAsyncEnumerable<int> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (int item in items.WithCancellation(cancellationToken)) yield return item * 2;
    }
}
