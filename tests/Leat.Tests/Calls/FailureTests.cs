namespace Leat.Tests.Calls;

public sealed class FailureTests
{
    private static readonly CallOptions Named = new() { Name = "divide" };

    [Fact(Timeout = 30_000)]
    public async Task A_failure_fails_what_needs_it_and_nothing_else()
    {
        var divide = Call.Apply((int x) => 12 / x, Named);
        var add = Call.Join((int a, int b) => a + b, new CallOptions { Name = "add" });
        var sum = Call.Reduce((int[] all) => all.Sum(), new CallOptions { Name = "sum" });
        Deferred<int> sums = add(divide([3, 0, 4]), [10, 20]);

        await using CallRun<int> run = sums.Start();
        List<Outcome<int>> outcomes = await run.Outcomes().ToListAsync();
        Assert.Equal([14, 24, null, null, 13, 23], outcomes.Select(each => each.IsSuccess ? each.Value : (int?)null));
        ItemFailure failure = outcomes[2].Failure!;
        Assert.Equal(("divide", 1L, (object)0), (failure.Stage, failure.Number, failure.Item!));
        Assert.IsType<DivideByZeroException>(failure.Exception);
        Assert.Equal(["add"], failure.Path);

        PipelineException all = await Assert.ThrowsAsync<PipelineException>(() => sum(sums).RunAsync());
        Assert.Equal(
            "LEAT0001: The run failed: call 'divide' failed on item 1 (0), which is needed for 'add', for 'sum': DivideByZeroException: Attempted to divide by zero.",
            all.Message);
    }

    [Fact(Timeout = 30_000)]
    public async Task All_failures_are_in_the_one_exception_and_everything_else_is_computed()
    {
        int computed = 0;
        var odd = Call.Apply((int x) => x % 2 == 0 ? throw new InvalidOperationException($"no {x}") : x);
        var count = Call.Apply((int x) => Interlocked.Increment(ref computed) + (x * 0));
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => count(odd(0..20)).RunAsync(Pool.Threads(4)));
        Assert.Equal(10, error.Failures.Count);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i * 2L), error.Failures.Select(failure => failure.Number).Order());
        Assert.Equal(10, computed);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_arguments_of_a_call_of_several_are_named()
    {
        var divide = Call.Join((int a, string b) => a / b.Length, Named);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => divide([1, 2], ["x", ""]).RunAsync(Pool.Threads(1)));
        Assert.Contains("call 'divide' failed on item 1 (1, \"\")", error.Message, StringComparison.Ordinal);
        Assert.Contains("call 'divide' failed on item 3 (2, \"\")", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_source_that_fails_keeps_what_it_gave()
    {
        var square = Call.Apply((int x) => x * x);
        Deferred<int> squares = square(Call.Source(() => Broken(), "numbers"));
        await using CallRun<int> run = squares.Start();
        Assert.Equal([0, 1], await run.AsCompleted().ToListUntilFailureAsync());
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => run.Completion);
        Assert.Contains("call 'numbers' failed", error.Message, StringComparison.Ordinal);
        Assert.Contains("the list ends here", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Null_in_place_of_a_sequence_is_told()
    {
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => Call.Source(() => (int[])null!, "numbers").RunAsync());
        Assert.Contains("LEAT0099: 'numbers' gave null", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<PipelineException>(() => Call.Flatten((int _) => (IEnumerable<int>)null!)(1).RunAsync());
        Assert.Contains("LEAT0099", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_call_is_made_again_as_often_as_was_said()
    {
        int calls = 0;
        Func<int, int> flaky = x => Interlocked.Increment(ref calls) < 3 ? throw new IOException("not yet") : x;
        Assert.Equal((int[])[5], await Call.Apply(flaky, new CallOptions { Retries = 2 })(5).RunAsync());
        calls = 0;
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => Call.Apply(flaky, new CallOptions { Retries = 1 })(5).RunAsync());
        Assert.Equal(2, error.Failures[0].Attempts);
        Assert.Contains("after 2 attempts", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_takes_too_long_fails_alone(bool ignoresToken)
    {
        using var never = new ManualResetEventSlim();
        var slow = Call.Apply(
            (int x, CancellationToken token) =>
            {
                if (x == 1) never.Wait(ignoresToken ? CancellationToken.None : token);
                return x;
            },
            new CallOptions { Name = "slow", Timeout = TimeSpan.FromMilliseconds(50) });
        await using CallRun<int> run = slow([0, 1, 2, 3]).Start(Pool.Threads(1));
        Assert.Equal([0, 2, 3], await run.InOrder().ToListUntilFailureAsync());
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => run.Completion);
        Assert.Contains("LEAT0093: The call of 'slow' took longer than its timeout of 0.05 s.", error.Message, StringComparison.Ordinal);
        never.Set();
    }

    [Fact(Timeout = 60_000)]
    public async Task In_processes_failures_and_timeouts_are_the_same()
    {
        await using Pool pool = Pool.Processes(1);
        var odd = Call.Apply(
            (int x) =>
            {
                if (x == 2) Thread.Sleep(Timeout.Infinite);
                if (x == 3) Environment.Exit(7);
                return x == 1 ? throw new InvalidOperationException("not one") : x;
            },
            new CallOptions { Name = "odd", Timeout = TimeSpan.FromSeconds(1) });
        await using CallRun<int> run = odd(0..6).Start(pool);
        List<Outcome<int>> outcomes = await run.Outcomes().ToListAsync();
        Assert.Equal([0, null, null, null, 4, 5], outcomes.Select(each => each.IsSuccess ? each.Value : (int?)null));
        Assert.IsType<InvalidOperationException>(outcomes[1].Failure!.Exception);
        Assert.IsType<TimeoutException>(outcomes[2].Failure!.Exception);
        Assert.Equal("exit code 7", Assert.IsType<WorkerLostException>(outcomes[3].Failure!.Exception).End);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_function_that_can_not_go_to_another_process_is_refused_at_once()
    {
        await using Pool pool = Pool.Processes(1);
        using var stream = new MemoryStream();
        Func<int, long> read = x => x + stream.Length;
        Assert.Throws<LeatException>(() => Call.Apply(read, new CallOptions { Pool = pool }));
        Assert.Contains("stream", Assert.Throws<LeatException>(() => Call.Apply(read)([1]).Start(pool)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Broken()
    {
        yield return 0;
        yield return 1;
        throw new IOException("the list ends here");
    }
}

internal static class UntilFailure
{
    /// <summary>What was given before the sequence failed.</summary>
    public static async Task<List<T>> ToListUntilFailureAsync<T>(this IAsyncEnumerable<T> values)
    {
        List<T> list = [];
        await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            await foreach (T value in values) list.Add(value);
        });
        return list;
    }
}
