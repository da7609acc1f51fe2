namespace Leat.Tests.Streams.Pipes;

public sealed class MergeTests
{
    private static Pipe<int> Range(int from, int count) => Enumerable.Range(from, count) | Stage.Map<int, int>(item => item, workers: 2);

    [Theory(Timeout = 30_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Merge_gives_every_item_of_every_pipe_once(int pipes)
    {
        List<int> results = await Pipe.Merge([.. Enumerable.Range(0, pipes).Select(i => Range(i * 1_000, 1_000))]).ToListAsync();
        Assert.Equal(Enumerable.Range(0, pipes * 1_000), results.Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task Merge_keeps_the_order_within_each_pipe()
    {
        List<int> results = await Pipe.Merge(Range(0, 3_000), Range(10_000, 3_000)).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 3_000), results.Where(item => item < 10_000));
        Assert.Equal(Enumerable.Range(10_000, 3_000), results.Where(item => item >= 10_000));
    }

    [Fact(Timeout = 30_000)]
    public async Task Merge_gives_what_is_there_while_another_pipe_waits()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> WaitingAsync()
        {
            await taken.Task;
            yield return -1;
        }

        List<int> results = [];
        await foreach (int item in Pipe.Merge(Source.From(WaitingAsync()), Range(0, 100)))
        {
            results.Add(item);
            if (results.Count == 100) taken.SetResult();
        }
        Assert.Equal([.. Enumerable.Range(0, 100), -1], results);
    }

    [Fact(Timeout = 30_000)]
    public async Task Concat_gives_all_of_the_first_before_those_of_the_second() => Assert.Equal(
        [.. Enumerable.Range(0, 2_000), .. Enumerable.Range(50, 10), .. Enumerable.Range(0, 100)],
        await Pipe.Concat(Range(0, 2_000), Range(50, 10), Range(0, 0), Range(0, 100)).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task A_pipe_may_be_merged_and_concatenated_with_itself()
    {
        Pipe<int> pipe = Range(0, 20_000);
        Assert.Equal([.. Enumerable.Range(0, 20_000), .. Enumerable.Range(0, 20_000)], await Pipe.Concat(pipe, pipe).ToListAsync());
        Assert.Equal(Enumerable.Range(0, 20_000).SelectMany(i => new[] { i, i }), (await Pipe.Merge(pipe, pipe).ToListAsync()).Order());
    }

    [Fact(Timeout = 30_000)]
    public async Task An_endless_pipe_ends_with_its_consumer()
    {
        Assert.Equal(5, await (Pipe.Concat(Range(0, 3), Range(0, int.MaxValue)) | Stage.Take<int>(5)).CountAsync());
        Assert.Equal(5, await (Pipe.Merge(Range(0, int.MaxValue), Range(0, int.MaxValue)) | Stage.Take<int>(5)).CountAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_in_one_pipe_ends_the_run(bool inTurn)
    {
        Pipe<int> fails = Range(0, 10) | Stage.Map<int, int>(item => item == 5 ? throw new TestFailureException("five") : item);
        Pipe<int> endless = Range(0, int.MaxValue);
        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int item in inTurn ? Pipe.Concat(fails, endless) : Pipe.Merge(fails, endless)) results.Add(item);
        });
        Assert.Equal("five", Assert.Single(error.Failures).Exception.Message);
        if (inTurn) Assert.Equal(Enumerable.Range(0, 5), results);
    }

    [Fact]
    public void No_pipe_at_all_is_refused()
    {
        Assert.Contains("LEAT0010", Assert.Throws<ArgumentException>(() => Pipe.Merge<int>()).Message, StringComparison.Ordinal);
        Assert.Contains("LEAT0010", Assert.Throws<ArgumentException>(() => Pipe.Concat<int>()).Message, StringComparison.Ordinal);
    }
}
