namespace Leat.Tests.Streams.Operators;

/// <summary>Functions over the whole stream, one instance of them.</summary>
public sealed class OfTests
{
    private static readonly int[] Items = [.. Enumerable.Range(0, 1_000)];

    public static TheoryData<Stage<int, int>> AllForms { get; } = new(
        Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Select(item => item * 2)),
        Stage.Of<int, int>((items, token) => items.Select(item => item * 2)),
        Stage.Of<int, int>((IAsyncEnumerable<int> items) => SlowlyAsync(items)),
        Stage.Of<int, int>((IEnumerable<int> items) => items.Select(item => item * 2)),
        Stage.Of<int, int>((IEnumerable<int> items) => [.. items.Select(item => item * 2)]));

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(AllForms), DisableDiscoveryEnumeration = true)]
    public async Task Every_form_of_function_takes_the_stream_and_gives_one(Stage<int, int> stage)
    {
        Assert.Equal(Items.Select(item => item * 2), await (Items | stage).ToListAsync());
        Assert.Equal(Items.Select(item => item * 2), await (Items | stage.With(capacity: 1)).ToListAsync());
        Assert.Empty(await (Array.Empty<int>() | stage).ToListAsync());
    }

    [Fact(Timeout = 30_000)]
    public async Task A_function_may_give_one_result() =>
        Assert.Equal([499_500], await (Items | Stage.Of<int, int>((items, token) => items.SumAsync(cancellationToken: token))).ToListAsync());

    [Fact(Timeout = 30_000)]
    public async Task It_may_give_more_than_it_takes_and_before_it_takes()
    {
        static async IAsyncEnumerable<int> ChattyAsync(IAsyncEnumerable<int> items)
        {
            for (int i = 0; i < 500; i++) yield return -1;
            await foreach (int item in items) yield return item;
            for (int i = 0; i < 500; i++) yield return -2;
        }

        Assert.Equal(
            [.. Enumerable.Repeat(-1, 500), .. Items, .. Enumerable.Repeat(-2, 500)],
            await (Items | Stage.Of<int, int>(ChattyAsync).With(capacity: 3)).ToListAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_may_never_read(bool blocking)
    {
        Stage<int, int> stage = blocking
            ? Stage.Of<int, int>((IEnumerable<int> _) => [1, 2, 3])
            : Stage.Of<int, int>((IAsyncEnumerable<int> _) => new[] { 1, 2, 3 }.ToAsyncEnumerable());
        Assert.Equal([1, 2, 3], await (Enumerable.Range(0, int.MaxValue) | stage).ToListAsync());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_may_stop_reading_before_the_end_and_the_source_ends(bool blocking)
    {
        var disposed = new TaskCompletionSource();
        IEnumerable<int> Endless()
        {
            try
            {
                for (int i = 0; ; i++) yield return i;
            }
            finally
            {
                disposed.SetResult();
            }
        }

        Stage<int, int> stage = blocking
            ? Stage.Of<int, int>((IEnumerable<int> items) => items.Take(5))
            : Stage.Of<int, int>((IAsyncEnumerable<int> items) => items.Take(5));
        Assert.Equal([0, 1, 2, 3, 4], await (Endless() | Stage.Map<int, int>(item => item) | stage).ToListAsync());
        Assert.True(disposed.Task.IsCompleted);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_it_throws_fails_the_run_behind_its_results()
    {
        static async IAsyncEnumerable<int> ThrowsAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items) yield return item == 10 ? throw new TestFailureException("ten") : item;
        }

        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (int item in Items | Stage.Of<int, int>(ThrowsAsync)) results.Add(item);
        });
        Assert.Equal(Enumerable.Range(0, 10), results);
        ItemFailure failure = Assert.Single(error.Failures);
        Assert.Equal(("Throws", -1L, "ten"), (failure.Stage.Replace("Async", "", StringComparison.Ordinal), failure.Number, failure.Exception.Message));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_stream_throws_where_an_earlier_stage_has_failed(bool blocking)
    {
        bool sawTheEnd = false;
        bool wasThrownInto = false;
        async IAsyncEnumerable<int> CountAsync(IAsyncEnumerable<int> items)
        {
            int count = 0;
            try
            {
                await foreach (int item in items) count++;
                sawTheEnd = true;
            }
            finally
            {
                wasThrownInto = !sawTheEnd;
            }
            yield return count;
        }

        IEnumerable<int> Count(IEnumerable<int> items)
        {
            int count = 0;
            try
            {
                foreach (int item in items) count++;
                sawTheEnd = true;
            }
            finally
            {
                wasThrownInto = !sawTheEnd;
            }
            yield return count;
        }

        Stage<int, int> fails = Stage.Map<int, int>(item => item == 100 ? throw new TestFailureException("100") : item);
        List<int> results = [];
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            Stage<int, int> count = blocking ? Stage.Of<int, int>(Count) : Stage.Of<int, int>(CountAsync);
            await foreach (int result in Items | fails | count) results.Add(result);
        });
        Assert.Empty(results);
        Assert.Equal("100", Assert.Single(error.Failures).Exception.Message);
        Assert.True(wasThrownInto);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_stream_throws_where_the_run_was_cancelled(bool blocking)
    {
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var over = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        async IAsyncEnumerable<int> ReadAllAsync(IAsyncEnumerable<int> items)
        {
            bool whole = false;
            try
            {
                await foreach (int item in items) reading.TrySetResult();
                whole = true;
            }
            finally
            {
                over.SetResult(whole);
            }
            yield return 0;
        }

        IEnumerable<int> ReadAll(IEnumerable<int> items)
        {
            bool whole = false;
            try
            {
                foreach (int item in items) reading.TrySetResult();
                whole = true;
            }
            finally
            {
                over.SetResult(whole);
            }
            yield return 0;
        }

        static async IAsyncEnumerable<int> OneThenNoneAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return 1;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        using var cancellation = new CancellationTokenSource();
        Stage<int, int> stage = blocking ? Stage.Of<int, int>(ReadAll) : Stage.Of<int, int>(ReadAllAsync);
        await using Flow flow = Flow.Start([OneThenNoneAsync() | stage], cancellationToken: cancellation.Token);
        await reading.Task;
        await cancellation.CancelAsync();
        await Ended.SoonAsync(flow.Completion);
        Assert.Equal(FlowState.Cancelled, flow.State);
        Assert.False(await over.Task, "The function was told that it had seen the whole stream.");
    }

    private static async IAsyncEnumerable<int> SlowlyAsync(IAsyncEnumerable<int> items)
    {
        await foreach (int item in items)
        {
            if (item % 10 == 0) await Task.Yield();
            yield return item * 2;
        }
    }
}
