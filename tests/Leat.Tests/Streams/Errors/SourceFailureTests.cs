using System.Collections;

namespace Leat.Tests.Streams.Errors;

/// <summary>The run fails with its source as it would with a stage, wherever in the author's code it does.</summary>
public sealed class SourceFailureTests
{
    public enum Where
    {
        GetEnumerator,
        FirstMove,
        LaterMove,
        Current,
        Dispose,
    }

    public static MatrixTheoryData<bool, Where, int> All { get; } = new([false, true], Enum.GetValues<Where>(), [1, 3]);

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task The_items_before_the_failure_are_delivered_and_the_source_is_named(bool asynchronous, Where where, int workers)
    {
        Pipe<int> source = asynchronous ? Source.From((IAsyncEnumerable<int>)new Fragile(where), "well") : Source.From((IEnumerable<int>)new Fragile(where), "well");

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(source | Stage.Map((int item) => item, workers));

        int expected = where switch { Where.Dispose => Fragile.Count, Where.LaterMove or Where.Current => Fragile.FailsAt, _ => 0 };
        Assert.Equal(Enumerable.Range(0, expected), items);
        ItemFailure failure = Assert.Single(error.Failures);
        Assert.Equal(("well", -1, null), (failure.Stage, failure.Number, failure.Item));
        Assert.Equal($"LEAT0001: The run failed: stage 'well' failed: TestFailureException: {where}", error.Message);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(All))]
    public async Task A_flow_fails_too_and_its_other_sources_end(bool asynchronous, Where where, int workers)
    {
        Pipe<int> source = asynchronous ? Source.From((IAsyncEnumerable<int>)new Fragile(where), "well") : Source.From((IEnumerable<int>)new Fragile(where), "well");
        await using Flow flow = Flow.Start(source | Stage.Map((int item) => item, workers), Endless() | Stage.Map((int item) => item, workers));

        PipelineException error = await Ended.FailedAsync(flow);

        Assert.Equal("well", Assert.Single(error.Failures).Stage);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(17)]
    [InlineData(34)]
    public async Task A_list_that_changes_while_it_is_read_is_not_read_beyond_its_end(int left)
    {
        var list = Enumerable.Range(0, 100_000).ToList();
        Pipe<int> pipe = list | Stage.Tap<int>(item =>
        {
            if (item == 0) list.RemoveRange(left, list.Count - left);
        }).With(capacity: 1);

        (List<int> items, PipelineException error) = await Collected.UntilFailureAsync(pipe);

        Assert.Equal("LEAT0029", Assert.IsType<LeatException>(error.Failures[0].Exception).Code);
        Assert.InRange(items.Count, 1, 100_000);
    }

    private static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++) yield return i;
    }

    private sealed class Fragile(Where where) : IEnumerable<int>, IEnumerator<int>, IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public const int FailsAt = 300;
        public const int Count = 1000;

        private int next = -1;

        public int Current => where == Where.Current && next == FailsAt ? throw Failure() : next;

        object IEnumerator.Current => Current;

        public IEnumerator<int> GetEnumerator() => where == Where.GetEnumerator ? throw Failure() : this;

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => where == Where.GetEnumerator ? throw Failure() : this;

        public bool MoveNext()
        {
            next++;
            bool fails = (where == Where.FirstMove && next == 0) || (where == Where.LaterMove && next == FailsAt);
            return fails ? throw Failure() : next < Count;
        }

        public async ValueTask<bool> MoveNextAsync()
        {
            if (next % 10 == 0) await Task.Yield();
            return MoveNext();
        }

        public void Reset() => throw new NotSupportedException();

        public void Dispose()
        {
            if (where == Where.Dispose) throw Failure();
        }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Dispose();
        }

        private TestFailureException Failure() => new($"{where}");
    }
}
