using Leat.Tests.Pools;

namespace Leat.Tests.Calls;

public sealed class CacheTests
{
    private static int calls;
    private static ManualResetEventSlim gate = new();
    private static volatile bool started;

    [Fact(Timeout = 60_000)]
    public async Task The_seeds_program_runs_once_and_is_found_the_second_time()
    {
        using var directory = new TemporaryDirectory();
        for (int round = 0; round < 2; round++)
        {
            var cache = Cache.Directory(directory["cache"]);
            var length = Call.Apply((string word) => word.Length, cache);
            var multiply = Call.Join((int a, int b) => a * b, cache);
            Deferred<int> workflow = multiply(length(["a", "bc", "def"]), [1, 2]);
            await using CallRun<int> run = workflow.Start();
            Assert.Equal([1, 2, 2, 4, 3, 6], await run.InOrder().ToListAsync());
            Assert.Equal(round == 0 ? (9, 0) : (0, 9), (run.Progress.Ran, run.Progress.FromCache));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task An_equal_intermediate_value_ends_the_recomputation()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        var length = Call.Apply((string word) => word.Length, new CallOptions { Cache = cache, Name = "length" });
        var multiply = Call.Join((int a, int b) => a * b, new CallOptions { Cache = cache, Name = "multiply" });
        await multiply(length(["a", "bc", "def"]), [1, 2]).RunAsync();

        await using CallRun<int> run = multiply(length(["a", "bc", "xyz"]), [1, 2]).Start();
        Assert.Equal([1, 2, 2, 4, 3, 6], await run.InOrder().ToListAsync());
        CallExplanation only = Assert.Single(run.Explain().Calls, call => call.Origin == CallOrigin.Ran);
        Assert.Equal(("length", 2, "\"xyz\""), (only.Call, only.Number, only.Arguments));
        Assert.Equal("ran: it has not been called with \"xyz\" before", only.Reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_captured_variable_counts_as_it_is_when_the_run_starts()
    {
        using var directory = new TemporaryDirectory();
        int factor = 2;
        // Set from outside: a function that writes to it would be refused.
        void Set(int value) => factor = value;
        var times = Call.Apply((int x) => x * factor, Cache.Directory(directory["cache"]));
        Assert.Equal((int[])[2, 4], await times([1, 2]).RunAsync());
        Set(3);
        Assert.Equal((int[])[3, 6], await times([1, 2]).RunAsync());
        Set(2);
        await using CallRun<int> run = times([1, 2]).Start();
        await run.Completion;
        Assert.Equal(2, run.Progress.FromCache);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_variable_that_changes_during_the_run_spoils_no_result()
    {
        using var directory = new TemporaryDirectory();
        int factor = 2;
        void Set(int value) => factor = value;
        var cache = Cache.Directory(directory["cache"], new CacheOptions { Events = _ => { } });
        gate = new ManualResetEventSlim();
        var times = Call.Apply(
            (int x) =>
            {
                gate.Wait();
                return x * factor;
            },
            cache);
        Task<int[]> run = times(5).RunAsync();
        Set(3);
        gate.Set();
        Assert.Equal((int[])[15], await run);
        Set(2);
        Assert.Equal((int[])[10], await times(5).RunAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_waits_for_an_equal_call_has_its_own_timeout()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        gate = new ManualResetEventSlim();
        Func<int, int> stuck = Stuck;
        Task<int> elsewhere = Task.Run(() => cache.Wrap(stuck)(1));
        while (!started) await Task.Yield();
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(
            () => Call.Apply(stuck, new CallOptions { Cache = cache, Timeout = TimeSpan.FromMilliseconds(50) })(1).RunAsync());
        Assert.IsType<TimeoutException>(error.Failures[0].Exception);
        gate.Set();
        Assert.Equal(1, await elsewhere);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_body_gives_when_it_is_told_to_end_is_not_kept()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        gate = new ManualResetEventSlim();
        started = false;
        var count = Call.Apply(
            (int x, CancellationToken token) =>
            {
                started = true;
                if (!gate.IsSet) token.WaitHandle.WaitOne();
                return token.IsCancellationRequested ? -1 : x;
            },
            cache);
        using var source = new CancellationTokenSource();
        Task<int[]> run = count(7).RunAsync(null, source.Token);
        while (!started) await Task.Yield();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        gate.Set();
        Assert.Equal((int[])[7], await count(7).RunAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrapped_function_is_not_cached_twice_and_none_waits_for_itself()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        Func<int, int> square = Square;
        Func<int, int> wrapped = cache.Wrap(square);
        Assert.Equal((int[])[49], await Call.Apply(wrapped, cache)(7).RunAsync());
        Assert.Equal((int[])[49], await Call.Apply(square, cache)(7).RunAsync());

        again = cache.Wrap((Func<int, int>)Again);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => Call.Apply((Func<int, int>)Again, cache)(1).RunAsync());
        Assert.Contains("LEAT0079", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_of_one_type_are_not_found_as_those_of_another()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        Func<int, string> text = static x => $"<{x}>";
        Assert.Equal(["<1>"], await Call.Apply(text, cache)(1).RunAsync());
        Func<int, object> any = text;
        Assert.Equal((object[])["<1>"], await Call.Apply(any, cache)(1).RunAsync());
        Assert.Equal(["<1>"], await Call.Apply(text, cache)(1).RunAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Equal_calls_of_one_run_are_made_once()
    {
        using var directory = new TemporaryDirectory();
        calls = 0;
        var slow = Call.Apply(
            (int x) =>
            {
                Interlocked.Increment(ref calls);
                Thread.Sleep(20);
                return x * x;
            },
            Cache.Directory(directory["cache"]));
        await using CallRun<int> run = slow([.. Enumerable.Repeat(7, 40), 8]).Start(Pool.Threads(8));
        Assert.Equal([.. Enumerable.Repeat(49, 40), 64], await run.InOrder().ToListAsync());
        Assert.Equal(2, calls);
        Assert.Equal((2, 41), (run.Progress.Ran, run.Progress.Done));
        Assert.True(run.Progress.Shared > 0, run.Progress.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_failure_is_not_kept_and_those_who_share_the_call_fail_with_it()
    {
        using var directory = new TemporaryDirectory();
        string switchFile = directory.Write("fails", "");
        var file = Call.Apply((int x) => File.Exists(switchFile) ? throw new IOException("not now") : x, Cache.Directory(directory["cache"]));
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => file([1, 1, 1, 2]).RunAsync(Pool.Threads(4)));
        Assert.Equal(4, error.Failures.Count);
        File.Delete(switchFile);
        Assert.Equal((int[])[1, 1, 1, 2], await file([1, 1, 1, 2]).RunAsync());
    }

    [Theory(Timeout = 120_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task Results_that_a_cache_has_promised_and_lost_are_computed_again(PoolKind kind)
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"], new CacheOptions { Events = _ => { } });
        await using Pool pool = PoolKinds.Create(kind);
        for (int round = 0; round < 4; round++)
        {
            // The last function is another one in each round, and so needs the values of those before it.
            int addend = round;
            var make = Call.Apply((int x) => Enumerable.Repeat((byte)x, 10_000).ToArray(), cache);
            var turn = Call.Apply((byte[] bytes) => Array.ConvertAll(bytes, each => (byte)(each + 1)), cache);
            var sum = Call.Join((byte[] a, byte[] b) => a.Sum(each => each) + b[0] + addend, cache);
            Deferred<byte[]> turned = turn(make(1..6));
            int[] expected = [.. from a in Enumerable.Range(2, 5) from b in Enumerable.Range(2, 5) select (a * 10_000) + b + addend];
            // In the second half, one of the inputs comes while the other is being computed again.
            Deferred<byte[]> other = round < 2 ? turned : Call.Source(() => Enumerable.Range(2, 5).Select(x => Enumerable.Repeat((byte)x, 10_000).ToArray()));
            Assert.Equal(expected, await sum(turned, other).RunAsync(pool));
            string[] objects = [.. Directory.EnumerateFiles(Path.Combine(cache.Path, "objects"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            Assert.Equal(6, objects.Length);
            for (int i = 0; i < objects.Length; i++)
            {
                if (round == 0 && i % 2 == 0) File.Delete(objects[i]);
                if (round == 1) File.Delete(objects[i]);
                if (round == 2) File.WriteAllBytes(objects[i], new byte[10]);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task One_cache_serves_calls_stages_and_wrapped_functions()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        calls = 0;
        Func<int, int> square = Square;
        Assert.Equal((int[])[1, 4, 9], await Call.Apply(square, cache)(1..4).RunAsync());
        Assert.Equal([1, 4, 9], await (Enumerable.Range(1, 3) | Stage.Map(square, cache: cache)).ToListAsync());
        Assert.Equal(9, cache.Wrap(square)(3));
        Assert.Equal(3, calls);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stage_in_processes_has_the_same_cache()
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        await using Pool pool = Pool.Processes(2);
        Func<int, int> process = static _ => Environment.ProcessId;
        List<int> first = await (Enumerable.Range(0, 20) | Stage.Map(process, cache: cache).On(pool)).ToListAsync();
        Assert.DoesNotContain(Environment.ProcessId, first);
        Assert.Equal(first, await (Enumerable.Range(0, 20) | Stage.Map(process, cache: cache)).ToListAsync());
        Assert.Equal(first, await Call.Apply(process, cache)(0..20).RunAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(PoolKind.Threads)]
    [InlineData(PoolKind.Sockets)]
    public async Task Files_count_by_their_content_and_are_put_back(PoolKind kind)
    {
        using var directory = new TemporaryDirectory();
        var cache = Cache.Directory(directory["cache"]);
        await using Pool pool = PoolKinds.Create(kind);
        string folder = directory.Path;
        var upper = Call.Apply(
            (InputFile input) =>
            {
                var output = new OutputFile(Path.Combine(folder, $"{input.Name}.upper"));
                File.WriteAllText(output.Path, File.ReadAllText(input.Path).ToUpperInvariant());
                return output;
            },
            cache);
        var size = Call.Apply((OutputFile file) => File.ReadAllText(file.Path).Length, cache);
        Deferred<int> sizes = size(upper([new InputFile(directory.Write("a.txt", "one")), new InputFile(directory.Write("b.txt", "three"))]));

        async Task CheckAsync(int ran, params int[] expected)
        {
            await using CallRun<int> run = sizes.Start(pool);
            Assert.Equal(expected, await run.InOrder().ToListAsync());
            Assert.Equal(ran, run.Progress.Ran);
        }

        await CheckAsync(4, 3, 5);
        await CheckAsync(0, 3, 5);
        directory.Write("b.txt", "THREE");
        await CheckAsync(1, 3, 5);
        directory.Write("b.txt", "seven");
        await CheckAsync(2, 3, 5);
        File.Delete(directory["a.txt.upper"]);
        File.WriteAllText(directory["b.txt.upper"], "something else");
        OutputFile[] files = await upper([new InputFile(directory["a.txt"]), new InputFile(directory["b.txt"])]).RunAsync(pool);
        Assert.Equal(["ONE", "SEVEN"], files.Select(file => File.ReadAllText(file.Path)));

        File.Delete(directory["a.txt"]);
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => sizes.RunAsync(pool));
        Assert.Contains("a.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_function_that_writes_to_what_it_captured_is_refused_where_it_is_given()
    {
        using var directory = new TemporaryDirectory();
        int count = 0;
        LeatException error = Assert.Throws<LeatException>(() => Call.Apply((int x) => x + count++, Cache.Directory(directory["cache"])));
        Assert.Contains("count", error.Message, StringComparison.Ordinal);
        Assert.Equal((int[])[1, 3], await Call.Apply((int x) => x + count++)([1, 2]).RunAsync(Pool.Threads(1)));
    }

    private static Func<int, int>? again;

    private static int Again(int x) => again!(x);

    private static int Stuck(int x)
    {
        started = true;
        gate.Wait();
        return x;
    }

    private static int Square(int x)
    {
        Interlocked.Increment(ref calls);
        return x * x;
    }
}
