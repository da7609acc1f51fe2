namespace Leat.Tests.Streams.Pipes;

public sealed class ZipTests
{
    private static Pipe<int> Numbers(int count, int workers = 1) => Enumerable.Range(0, count) | Stage.Map<int, int>(item => item, workers);

    private static Pipe<(int, int)> ZippedWithItself(Pipe<int> pipe) => Pipe.Zip(pipe, pipe);

    private static Pipe<string> Texts(int count) => Enumerable.Range(0, count) | Stage.Map<int, string>(item => $"{item}", workers: 2);

    [Fact(Timeout = 30_000)]
    public async Task Two_to_eight_pipes_are_put_together_one_item_of_each()
    {
        (Pipe<int> n, Pipe<string> t) = (Numbers(1_000, 3), Texts(1_000));
        static (int, string) Pair(int i) => (i, $"{i}");
        IEnumerable<int> all = Enumerable.Range(0, 1_000);
        Assert.Equal(all.Select(Pair), await Pipe.Zip(n, t).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i)), await Pipe.Zip(n, t, n).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i, $"{i}")), await Pipe.Zip(n, t, n, t).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i, $"{i}", i)), await Pipe.Zip(n, t, n, t, n).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i, $"{i}", i, $"{i}")), await Pipe.Zip(n, t, n, t, n, t).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i, $"{i}", i, $"{i}", i)), await Pipe.Zip(n, t, n, t, n, t, n).ToListAsync());
        Assert.Equal(all.Select(i => (i, $"{i}", i, $"{i}", i, $"{i}", i, $"{i}")), await Pipe.Zip(n, t, n, t, n, t, n, t).ToListAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(3, 5, "'A' ended after 3 items, 'B' has at least 4 items")]
    [InlineData(5, 3, "'A' has at least 4 items, 'B' ended after 3 items")]
    [InlineData(0, 1, "'A' ended after 0 items, 'B' has at least 1 items")]
    [InlineData(1_000, 2_000, "'A' ended after 1000 items, 'B' has at least 1001 items")]
    public async Task Different_lengths_are_an_error_that_names_both_counts(int first, int second, string counts)
    {
        Pipe<int> a = Enumerable.Range(0, first) | Stage.Map<int, int>(item => item).Named("A");
        Pipe<int> b = Enumerable.Range(0, second) | Stage.Map<int, int>(item => item).Named("B");
        List<(int, int)> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach ((int, int) pair in Pipe.Zip(a, b)) results.Add(pair);
        });
        Assert.Equal(Math.Min(first, second), results.Count);
        var mismatch = Assert.IsType<LeatException>(Assert.Single(error.Failures).Exception);
        Assert.Equal("LEAT0004", mismatch.Code);
        Assert.Contains(counts, mismatch.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    public async Task The_shortest_ends_it_when_told_so(int first, int second) => Assert.Equal(
        Enumerable.Range(0, Math.Min(first, second)).Select(i => (i, i)),
        await Pipe.Zip(Numbers(first), Numbers(second), shortest: true).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task An_endless_input_ends_with_the_shortest() => Assert.Equal(
        [(0, 0), (1, 1)],
        await Pipe.Zip(Numbers(int.MaxValue), Numbers(2), shortest: true).ToListAsync());

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_shortest_ends_it_beside_an_input_that_waits_for_ever(bool waitingComesFirst)
    {
        var never = System.Threading.Channels.Channel.CreateUnbounded<int>();
        never.Writer.TryWrite(0);
        Pipe<int> waits = never.Reader | Stage.Map<int, int>(item => item);
        Pipe<(int, int)> zip = waitingComesFirst ? Pipe.Zip(waits, Numbers(1), shortest: true) : Pipe.Zip(Numbers(1), waits, shortest: true);
        Assert.Equal([(0, 0)], await zip.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = 30_000)]
    public async Task Where_an_input_fails_that_failure_is_told_and_not_the_different_lengths()
    {
        Pipe<int> fails = Numbers(100) | Stage.Map<int, int>(item => item == 10 ? throw new TestFailureException("ten") : item);
        List<(int, int)> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach ((int, int) pair in Pipe.Zip(Numbers(100), fails)) results.Add(pair);
        });
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (i, i)), results);
        Assert.Equal("ten", Assert.Single(error.Failures).Exception.Message);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failure_beside_an_input_that_waits_for_ever_ends_the_run(bool waitingComesFirst)
    {
        var never = System.Threading.Channels.Channel.CreateUnbounded<int>();
        Pipe<int> waits = never.Reader | Stage.Map<int, int>(item => item);
        Pipe<int> fails = Numbers(3) | Stage.Map<int, int>(int (_) => throw new TestFailureException("beside"));
        await using Flow flow = Flow.Start(waitingComesFirst ? Pipe.Zip(waits, fails) : Pipe.Zip(fails, waits));
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal("beside", Assert.Single(error.Failures).Exception.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_failure_while_the_flow_is_paused_ends_the_run()
    {
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Pipe<int> fails = Numbers(int.MaxValue) | Stage.Map<int, int>(async Task<int> (_) =>
        {
            inside.TrySetResult();
            await go.Task;
            throw new TestFailureException("paused");
        });
        await using Flow flow = Flow.Start(Pipe.Zip(Numbers(int.MaxValue), fails), Numbers(int.MaxValue));
        await inside.Task;
        await flow.PauseAsync();
        go.SetResult();
        PipelineException error = await Ended.FailedAsync(flow);
        Assert.Equal("paused", Assert.Single(error.Failures).Exception.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_may_be_zipped_with_itself() =>
        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (i, i)), await ZippedWithItself(Numbers(5_000, 2)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task Zips_may_be_zipped()
    {
        Pipe<int> a = Numbers(500);
        Pipe<(int, int)> pairs = Pipe.Zip(a, a | Stage.Map<int, int>(item => item * 2, workers: 3));
        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => ((i, i * 2), (i, i * 2), i)),
            await Pipe.Zip(pairs, pairs, a).ToListAsync());
    }
}
