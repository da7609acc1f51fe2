namespace Leat.Tests.Streams.Errors;

/// <summary>What the exception of a failed run says.</summary>
public sealed class PipelineExceptionTests
{
    [Fact(Timeout = 30_000)]
    public async Task It_names_stage_number_item_and_cause()
    {
        Pipe<int> pipe = new[] { "1", "2", "drei", "4" } | Stage.Map<string, int>(int.Parse);

        (_, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal("LEAT0001", error.Code);
        Assert.Equal(
            "LEAT0001: The run failed: stage 'Parse' failed on item 2 (\"drei\"): FormatException: The input string 'drei' was not in a correct format.",
            error.Message);
        ItemFailure failure = Assert.Single(error.Failures);
        Assert.Equal(("Parse", 2, (object)"drei"), (failure.Stage, failure.Number, failure.Item));
        Assert.IsType<FormatException>(failure.Exception);
        Assert.Same(failure.Exception, error.InnerException);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_number_is_the_place_in_the_stage_s_own_input()
    {
        Pipe<int> pipe = Enumerable.Range(0, 100)
            | Stage.Filter((int item) => item % 10 == 0)
            | Stage.Map((int item) => item == 70 ? throw new TestFailureException("here") : item, workers: 2).Named("late");

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal([0, 10, 20, 30, 40, 50, 60], items);
        Assert.Equal("LEAT0001: The run failed: stage 'late' failed on item 7 (70): TestFailureException: here", error.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_holds_all_failures_of_items_that_fail_side_by_side()
    {
        using var both = new Barrier(2);
        List<int> sunk = [];
        await using Flow flow = Flow.Start(
            Enumerable.Range(0, 10)
            | Stage.Map(
                (int item) =>
                {
                    if (item is not (3 or 4)) return item;
                    both.SignalAndWait(CancellationToken.None);
                    throw new TestFailureException($"number {item}");
                },
                workers: 2).With(batch: 1).Named("pair")
            | Sink.ForEach<int>(sunk.Add));

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal([0, 1, 2], sunk);
        Assert.Equal([3L, 4], error.Failures.Select(failure => failure.Number).Order());
        Assert.Same(error.Failures[0].Exception, error.InnerException);
        Assert.Contains("\n  also: stage 'pair' failed on item ", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_holds_the_failures_of_two_pipes_of_one_flow()
    {
        using var both = new Barrier(2);
        List<int> sunk = [];
        List<int> other = [];
        await using Flow flow = Flow.Start(
            Endless() | FailsOnFour("left", both) | Sink.ForEach<int>(sunk.Add),
            Endless() | FailsOnFour("right", both) | Sink.ForEach<int>(other.Add));

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal(["left", "right"], error.Failures.Select(failure => failure.Stage).Order(StringComparer.Ordinal));
        Assert.All(error.Failures, failure => Assert.Equal((4, (object)4), (failure.Number, failure.Item)));
        Assert.Equal([0, 1, 2, 3], sunk);
        Assert.Equal([0, 1, 2, 3], other);
    }

    [Fact(Timeout = 30_000)]
    public async Task Of_many_failures_its_message_tells_the_first_eleven()
    {
        Pipe<int> pipe = Enumerable.Range(0, 15)
            | Stage.Map<int, int>(_ => throw new TestFailureException("here")).With(onError: OnError.Carry).Named("all");

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await pipe.ExecuteAsync());

        Assert.Equal(15, error.Failures.Count);
        string[] lines = error.Message.Split('\n');
        Assert.Equal(12, lines.Length);
        Assert.Equal("LEAT0001: The run failed: stage 'all' failed on item 0 (0): TestFailureException: here", lines[0]);
        Assert.Equal("  also: stage 'all' failed on item 10 (10): TestFailureException: here", lines[10]);
        Assert.Equal("  and 4 more", lines[11]);
    }

    [Fact(Timeout = 30_000)]
    public async Task It_finds_words_for_every_item()
    {
        object?[] items = [null, "two\nlines", new string('x', 300), new Unspeakable(), 1.5];
        Pipe<object?> pipe = items | Stage.Map<object?, object?>(_ => throw new TestFailureException("here")).With(onError: OnError.Carry);

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () => await pipe.ExecuteAsync());

        string[] expected =
        [
            "stage 'Map' failed on item 0 (null): TestFailureException: here",
            "stage 'Map' failed on item 1 (\"two lines\"): TestFailureException: here",
            $"stage 'Map' failed on item 2 (\"{new string('x', 200)}…\"): TestFailureException: here",
            "stage 'Map' failed on item 3 (Unspeakable): TestFailureException: here",
            "stage 'Map' failed on item 4 (1.5): TestFailureException: here",
        ];
        Assert.Equal(expected, error.Failures.Select(failure => failure.ToString()));
    }

    private static Stage<int, int> FailsOnFour(string name, Barrier together) => Stage.Map((int item) =>
    {
        if (item != 4) return item;
        together.SignalAndWait(CancellationToken.None);
        throw new TestFailureException("here");
    }).Named(name);

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }

    private sealed class Unspeakable
    {
        public override string ToString() => throw new TestFailureException("words");
    }
}
