namespace Leat.Tests.Streams.Flows;

/// <summary>The shape of a flow, as text for people and for programs.</summary>
public sealed class DrawingTests
{
    [Fact(Timeout = 30_000)]
    public async Task Mermaid()
    {
        await using Flow flow = Flow.Start(Everything());
        Approved.Text(flow.ToMermaid());
    }

    [Fact(Timeout = 30_000)]
    public async Task Dot()
    {
        await using Flow flow = Flow.Start(Everything());
        Approved.Text(flow.ToDot());
    }

    [Fact(Timeout = 30_000)]
    public async Task Json()
    {
        await using Flow flow = Flow.Start(Everything());
        Approved.Text(flow.ToJson());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_shape_is_there_after_the_end_too()
    {
        Flow flow = Flow.Start(Source.From(new[] { 1 }));
        string before = flow.ToMermaid();
        await flow.DisposeAsync();
        Assert.Equal(before, flow.ToMermaid());
    }

    private static Pipe[] Everything()
    {
        Pipe<int> numbers = Source.From(Enumerable.Range(0, 10), "numbers");
        Pipe<int> digits = numbers | Stage.Map((int item) => item % 10, workers: 3).Named("say \"digit\"");
        Pipe<int> odd = Pipe.Merge(numbers, digits) | Stage.Filter((int item) => item % 2 == 1).Named(@"back\slash");
        return
        [
            Pipe.Zip(digits, numbers, shortest: true) | Sink.None<(int, int)>(),
            Pipe.Concat(odd, numbers) | Stage.Batch<int>(2),
        ];
    }
}
