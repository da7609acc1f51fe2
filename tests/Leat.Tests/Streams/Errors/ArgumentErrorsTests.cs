using System.Text;

namespace Leat.Tests.Streams.Errors;

/// <summary>Mistakes in a declaration are told where they are made, not when the run starts.</summary>
public sealed class ArgumentErrorsTests
{
    private static readonly Stage<int, int> Map = Stage.Map((int item) => item);

    [Fact]
    public void Every_mistake_is_told_at_its_place_and_says_what_to_do()
    {
        Stage<int, int> fold = Stage.Fold(0, (int sum, int item) => sum + item);
        Stage<int, Part<int>> scatter = Stage.Scatter((int item) => new[] { item });
        Stage<int, int> composed = Map.Named("first") | Map.Named("second");
        TimeSpan second = TimeSpan.FromSeconds(1);
        (string Declaration, Func<object?> Declare)[] mistakes =
        [
            ("Stage.Map(body, workers: 0)", () => Stage.Map((int item) => item, workers: 0)),
            ("stage.With(workers: 0)", () => Map.With(workers: 0)),
            ("stage.With(capacity: 0)", () => Map.With(capacity: 0)),
            ("stage.With(batch: -1)", () => Map.With(batch: -1)),
            ("stage.With(timeout: TimeSpan.Zero)", () => Map.With(timeout: TimeSpan.Zero)),
            ("new StageOptions { Workers = -3 }", () => new StageOptions { Workers = -3 }),
            ("options with { Timeout = -1 s }", () => Map.Options with { Timeout = -second }),
            ("OnError.Retry(0)", () => OnError.Retry(0)),
            ("OnError.Retry(1, -1 s)", () => OnError.Retry(1, -second)),
            ("Stage.Batch(0)", () => Stage.Batch<int>(0)),
            ("Stage.Take(-1)", () => Stage.Take<int>(-1)),
            ("Stage.Repeat(-1)", () => Stage.Repeat<int>(-1)),
            ("(first | second).With(workers: 2)", () => composed.With(workers: 2)),
            ("(first | second).Named(…)", () => composed.Named("both")),
            ("(first | second).Options", () => composed.Options),
            ("scatter | fold", () => scatter | fold),
            ("items | scatter | fold", () => new[] { 1 } | scatter | fold),
            ("scatter | (map | fold)", () => scatter | (Map | fold)),
            ("scatter | Stage.Of(…)", () => scatter | Stage.Of((IEnumerable<int> items) => items)),
            ("scatter | Stage.Distinct()", () => scatter | Stage.Distinct<int>()),
            ("fold.With(workers: 2)", () => fold.With(workers: 2)),
            ("fold.With(timeout: 1 s)", () => fold.With(timeout: second)),
            ("Stage.Distinct().With(workers: 2)", () => Stage.Distinct<int>().With(workers: 2)),
            ("Stage.Take(1).With(workers: 2)", () => Stage.Take<int>(1).With(workers: 2)),
            ("Stage.Batch(2).With(timeout: 1 s)", () => Stage.Batch<int>(2).With(timeout: second)),
            ("scatter.With(workers: 2)", () => scatter.With(workers: 2)),
            ("Stage.Gather().With(workers: 2)", () => Stage.Gather<int>().With(workers: 2)),
            ("Flow.Start()", () => Flow.Start()),
            ("Flow.Start([])", () => Flow.Start([], new FlowOptions())),
            ("Pipe.Merge()", () => Pipe.Merge<int>()),
            ("Pipe.Concat()", () => Pipe.Concat<int>()),
        ];

        var text = new StringBuilder();
        foreach ((string declaration, Func<object?> declare) in mistakes)
        {
            Exception error = Assert.ThrowsAny<Exception>(declare);
            text.Append(declaration).Append("\n  ").Append(error.GetType().Name).Append(": ").Append(error.Message.ReplaceLineEndings(" ")).Append("\n\n");
        }

        Approved.Text(text.ToString());
    }

    [Fact]
    public void A_body_or_a_source_that_is_missing_is_told_at_once()
    {
        Assert.Throws<ArgumentNullException>("body", () => Stage.Map<int, int>((Func<int, int>)null!));
        Assert.Throws<ArgumentNullException>("items", () => Source.From((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>("writer", () => Sink.Channel<int>(null!));
    }

    [Fact]
    public void A_mistake_leaves_the_stage_as_it_was()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Map.With(workers: 0));
        Assert.Equal(1, Map.Options.Workers);
    }
}
