namespace Leat.Tests.Streams.Pipes;

/// <summary>Options are told apart from nonsense where they are declared.</summary>
public sealed class OptionsTests
{
    private static readonly Stage<int, int> Same = Stage.Map<int, int>(item => item);

    [Fact]
    public void Options_out_of_range_are_refused_at_once()
    {
        (string Option, Action Declare)[] wrong =
        [
            ("workers", () => Stage.Map<int, int>(item => item, workers: 0)),
            ("workers", () => Stage.Filter<int>(_ => true, workers: -1)),
            ("workers", () => Stage.FlatMap<int, int>(item => [item], workers: 0)),
            ("workers", () => Stage.Of<int, int>((IEnumerable<int> items) => items, workers: 0)),
            ("workers", () => Same.With(workers: 0)),
            ("capacity", () => Same.With(capacity: 0)),
            ("batch", () => Same.With(batch: 0)),
            ("timeout", () => Same.With(timeout: TimeSpan.Zero)),
            ("timeout", () => Same.With(timeout: TimeSpan.FromTicks(-1))),
            ("size", () => Stage.Batch<int>(0)),
            ("times", () => Stage.Repeat<int>(-1)),
            ("count", () => Stage.Take<int>(-1)),
            ("times", () => OnError.Retry(0)),
            ("delay", () => OnError.Retry(1, TimeSpan.FromTicks(-1))),
        ];
        foreach ((string option, Action declare) in wrong)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(declare);
            Assert.Contains("LEAT0002", error.Message, StringComparison.Ordinal);
            Assert.Contains($"'{option}'", error.Message, StringComparison.Ordinal);
            Assert.Equal(option, error.ParamName);
        }
    }

    [Fact]
    public void Options_of_several_stages_at_once_are_refused()
    {
        Stage<int, int> both = Same | Same;
        Action[] wrong = [() => both.With(workers: 2), () => both.Named("both"), () => _ = both.Options, () => both.With(new StageOptions())];
        foreach (Action declare in wrong)
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(declare);
            Assert.Contains("LEAT0005", error.Message, StringComparison.Ordinal);
            Assert.Contains("Map | Map", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Several_workers_or_a_timeout_for_one_state_are_refused()
    {
        Action<StageOptions>[] stages =
        [
            options => Stage.Fold<int, int>(0, (sum, item) => sum + item).With(options),
            options => Stage.Distinct<int>().With(options),
            options => Stage.Take<int>(3).With(options),
            options => Stage.Batch<int>(3).With(options),
            options => Stage.Scatter<int, int>(item => [item]).With(options),
            options => Stage.Gather<int>().With(options),
        ];
        foreach (Action<StageOptions> stage in stages)
        {
            Assert.Contains("LEAT0007", Assert.Throws<ArgumentException>(() => stage(new StageOptions { Workers = 2 })).Message, StringComparison.Ordinal);
            Assert.Contains("LEAT0007", Assert.Throws<ArgumentException>(() => stage(new StageOptions { Timeout = TimeSpan.FromSeconds(1) })).Message, StringComparison.Ordinal);
            stage(new StageOptions { Capacity = 2, Batch = 1 });
        }
    }

    [Fact]
    public void With_gives_a_copy_and_leaves_the_rest_as_it_is()
    {
        Stage<int, int> one = Same.With(workers: 3, capacity: 7, ordered: false, batch: 5, timeout: TimeSpan.FromSeconds(1), onError: OnError.Skip);
        Stage<int, int> other = one.With(workers: 4);
        Assert.Equal(new StageOptions(), Same.Options);
        Assert.Equal(new StageOptions { Workers = 3, Capacity = 7, Ordered = false, Batch = 5, Timeout = TimeSpan.FromSeconds(1), OnError = OnError.Skip }, one.Options);
        Assert.Equal(one.Options with { Workers = 4 }, other.Options);
        Assert.Equal(("Map", "copy", "Map"), (one.Name, one.Named("copy").Name, other.Name));
        Assert.Equal(one.Options, one.Named("copy").Options);
    }

    [Fact]
    public void Bodies_and_sources_must_be_there()
    {
        Assert.Throws<ArgumentNullException>(() => Stage.Map((Func<int, int>)null!));
        Assert.Throws<ArgumentNullException>(() => Stage.Filter((Func<int, bool>)null!));
        Assert.Throws<ArgumentNullException>(() => Source.From((IEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => Source.From((IAsyncEnumerable<int>)null!));
        Assert.Throws<ArgumentNullException>(() => Sink.Channel<int>(null!));
    }

    [Theory]
    [InlineData("Stop", 0)]
    [InlineData("Retry(2), then Skip", 2)]
    public void Policies_tell_what_they_are(string text, int retries)
    {
        OnError policy = retries == 0 ? OnError.Stop : OnError.Retry(retries, TimeSpan.FromSeconds(1), OnError.Skip);
        Assert.Equal(text, policy.ToString());
        Assert.Equal(retries, policy.Retries);
    }
}
