namespace Leat.Tests.Streams.Errors;

/// <summary>An aggregate over a stream that a failure has cut short gives nothing: a part is never taken for the whole.</summary>
public sealed class AggregateTests
{
    public static MatrixTheoryData<string, string> All { get; } = new([.. Streams.Keys], [.. Aggregates.Keys]);

    private static Dictionary<string, Pipe<int>> Streams
    {
        get
        {
            Pipe<int> items = Source.From(Enumerable.Range(0, 1000));
            Stage<int, int> fails = Stage.Map((int item) => item == 500 ? throw new TestFailureException("here") : item);
            return new(StringComparer.Ordinal)
            {
                ["source"] = Source.From(FailingItems()),
                ["asynchronous source"] = Source.From(FailingItems().ToAsyncEnumerable()),
                ["stage"] = items | fails,
                ["shared stage"] = items | fails.With(workers: 3),
                ["unordered stage"] = items | fails.With(workers: 3, ordered: false),
                ["stage further up"] = items | fails | Stage.Map((int item) => item, workers: 2) | Stage.Filter((int _) => true),
                ["zip"] = Pipe.Zip(items, items | fails) | Stage.Map(((int, int) pair) => pair.Item1),
                ["merge"] = Pipe.Merge(items, items | fails),
                ["concat"] = Pipe.Concat(items, items | fails),
                ["concat's first"] = Pipe.Concat(items | fails, items),
                ["gather"] = items | Stage.Scatter((int item) => new[] { item }) | fails.With(workers: 2) | Stage.Gather<int, int>(parts => parts[0]),
                ["stream"] = items | Stage.Of((IEnumerable<int> all) => all.Select(item => item == 500 ? throw new TestFailureException("here") : item)),
                ["state"] = items | Stage.Map<object, int, int>(() => throw new TestFailureException("state"), (_, item) => item),
            };
        }
    }

    private static Dictionary<string, Stage<int, long>> Aggregates => new(StringComparer.Ordinal)
    {
        ["fold"] = Stage.Fold(0L, (long sum, int item) => sum + item),
        ["for each"] = Stage.ForEach<int>(_ => { }, workers: 2),
        ["one result"] = Stage.Of<int, long>(async (items, token) => await items.CountAsync(token)),
        ["stream"] = Stage.Of((IAsyncEnumerable<int> items) => CountedAsync(items)),
        ["blocking stream"] = Stage.Of((IEnumerable<int> items) => Counted(items)),
        ["shared stream"] = Stage.Of((IEnumerable<int> items) => Counted(items), workers: 2),
    };

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task It_gives_nothing(string stream, string aggregate)
    {
        (List<long> results, PipelineException error) = await Collected.UntilFailureAsync(Streams[stream] | Aggregates[aggregate]);

        Assert.Empty(results);
        Assert.NotEmpty(error.Failures);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task Its_sink_gets_nothing(string stream, string aggregate)
    {
        List<long> sunk = [];
        await using Flow flow = Flow.Start(Streams[stream] | Aggregates[aggregate] | Sink.ForEach<long>(sunk.Add));

        await Ended.FailedAsync(flow);

        Assert.Empty(sunk);
    }

    private static IEnumerable<int> FailingItems()
    {
        for (int i = 0; i < 500; i++) yield return i;
        throw new TestFailureException("source");
    }

    private static async IAsyncEnumerable<long> CountedAsync(IAsyncEnumerable<int> items)
    {
        yield return await items.CountAsync();
    }

    private static IEnumerable<long> Counted(IEnumerable<int> items)
    {
        yield return items.Count();
    }
}
