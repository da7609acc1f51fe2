using System.Globalization;

namespace Leat.Tests.Calls;

public sealed class RunningTests
{
    [Fact(Timeout = 30_000)]
    public async Task A_call_starts_when_its_own_arguments_are_there()
    {
        var gate = new TaskCompletionSource();
        var first = Call.Apply(async Task<int> (int x) =>
        {
            // The second call of the next function opens the gate: it must not wait for the first one's argument.
            if (x == 0) await gate.Task;
            return x;
        });
        var second = Call.Apply((int x) =>
        {
            if (x == 1) gate.SetResult();
            return x * 10;
        });
        Assert.Equal((int[])[0, 10], await second(first([0, 1])).RunAsync(Pool.Threads(2)));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_combination_starts_while_its_inputs_are_still_listed()
    {
        var seen = new TaskCompletionSource();
        async IAsyncEnumerable<int> SlowlyAsync()
        {
            yield return 1;
            await seen.Task;
            yield return 2;
        }

        var add = Call.Join((int a, int b) =>
        {
            seen.TrySetResult();
            return a + b;
        });
        Assert.Equal((int[])[11, 12, 21, 22], await add([10, 20], Call.Source(SlowlyAsync())).RunAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Results_come_in_order_and_as_they_are_completed()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        using var started = new SemaphoreSlim(0);
        var wait = Call.Apply(async Task<int> (int x) =>
        {
            started.Release();
            await gates[x].Task;
            return x;
        });
        await using CallRun<int> run = wait(0..3).Start(Pool.Threads(3));
        for (int i = 0; i < gates.Length; i++) await started.WaitAsync();
        await using IAsyncEnumerator<int> completed = run.AsCompleted().GetAsyncEnumerator();
        await using IAsyncEnumerator<int> ordered = run.InOrder().GetAsyncEnumerator();
        gates[2].SetResult();
        Assert.True(await completed.MoveNextAsync());
        Assert.Equal(2, completed.Current);
        ValueTask<bool> first = ordered.MoveNextAsync();
        Assert.False(first.IsCompleted);
        Assert.Equal((3, 2, 1, false), (run.Progress.Known, run.Progress.Running, run.Progress.Done, run.Progress.IsCompleted));
        gates[0].SetResult();
        Assert.True(await first);
        Assert.Equal(0, ordered.Current);
        gates[1].SetResult();
        Assert.True(await ordered.MoveNextAsync() && ordered.Current == 1);
        Assert.True(await ordered.MoveNextAsync() && ordered.Current == 2);
        Assert.False(await ordered.MoveNextAsync());
        Assert.True(run.Progress.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cancelled_run_ends_and_starts_nothing_more()
    {
        await using Pool pool = Pool.Threads(3);
        for (int round = 0; round < Repeat.Times(100); round++)
        {
            int calls = 0;
            using var started = new SemaphoreSlim(0);
            var wait = Call.Apply(async Task<int> (int x, CancellationToken token) =>
            {
                Interlocked.Increment(ref calls);
                started.Release();
                await Task.Delay(Timeout.Infinite, token);
                return x;
            });
            using var source = new CancellationTokenSource();
            Task<int[]> run = wait(0..100).RunAsync(pool, source.Token);
            for (int i = 0; i < 3; i++) await started.WaitAsync();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            Assert.Equal(3, calls);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_is_disposed_does_not_wait_for_ever_for_a_body_that_ignores_it()
    {
        using var never = new ManualResetEventSlim();
        using var started = new SemaphoreSlim(0);
        await using Pool pool = Pool.Threads(1);
        CallRun<int> run = Call.Apply((int x) =>
        {
            started.Release();
            never.Wait();
            return x;
        })([1, 2]).Start(pool);
        await started.WaitAsync();
        await run.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.Completion);
        // Its place is free.
        Assert.Equal((int[])[2], await Call.Apply((int x) => x + 1)(1).RunAsync(pool));
        never.Set();
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_takes_values_one_by_one_waits_without_work()
    {
        var gate = new TaskCompletionSource();
        Deferred<int> slow = Call.Apply(async Task<int> (int x) =>
        {
            await gate.Task;
            return x;
        })(1);
        await using IAsyncEnumerator<int> values = slow.GetAsyncEnumerator(CancellationToken.None);
        ValueTask<bool> next = values.MoveNextAsync();
        Assert.False(next.IsCompleted);
        gate.SetResult();
        Assert.True(await next);
        Assert.Equal(1, values.Current);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_long_list_and_a_source_are_combined_one_by_one()
    {
        var add = Call.Join((int a, int b) => (a * 10) + b);
        List<int> sums = await add(0..700, Call.Source(() => Enumerable.Range(0, 3))).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 700).SelectMany(a => Enumerable.Range(0, 3).Select(b => (a * 10) + b)), sums);
        Assert.Equal(Enumerable.Range(0, 5000), await Call.Source(() => Enumerable.Range(0, 5000)).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_a_body_sets_going_starts_before_it_returns()
    {
        var opened = new TaskCompletionSource();
        using var second = new ManualResetEventSlim();
        async IAsyncEnumerable<int> ItemsAsync()
        {
            yield return 1;
            await opened.Task;
            yield return 2;
        }

        var wait = Call.Apply((int x) =>
        {
            if (x == 2) second.Set();
            else opened.SetResult();
            return second.Wait(TimeSpan.FromSeconds(20)) ? x : -1;
        });
        Assert.Equal((int[])[1, 2], await wait(Call.Source(ItemsAsync())).RunAsync(Pool.Threads(4)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_source_that_is_cut_short_gives_no_result()
    {
        using var cancelled = new CancellationTokenSource();
        var sum = Call.Reduce((int[] all) => all.Length);
        IEnumerable<int> Items()
        {
            for (int i = 0; i < 100; i++)
            {
                if (i == 20) cancelled.Cancel();
                yield return i;
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sum(Call.Source(Items())).RunAsync(null, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Call.Source(Items()).RunAsync(null, cancelled.Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_of_a_source_run_at_the_same_time()
    {
        using var together = new Barrier(4);
        var meet = Call.Apply((int _) => together.SignalAndWait(TimeSpan.FromSeconds(20)));
        Assert.All(await meet(Call.Source(() => Enumerable.Range(0, 8))).RunAsync(Pool.Threads(4)), Assert.True);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_pool_may_become_smaller_during_a_run()
    {
        await using Pool pool = Pool.Threads(8);
        var items = System.Threading.Channels.Channel.CreateUnbounded<int>();
        using var together = new Barrier(8);
        var meet = Call.Apply((int x) => x >= 8 || together.SignalAndWait(TimeSpan.FromSeconds(20)));
        await using CallRun<bool> run = meet(Call.Source(items.Reader.ReadAllAsync())).Start(pool);
        await using IAsyncEnumerator<bool> results = run.InOrder().GetAsyncEnumerator();
        for (int i = 0; i < 8; i++) items.Writer.TryWrite(i);
        for (int i = 0; i < 8; i++) Assert.True(await results.MoveNextAsync() && results.Current);
        pool.Resize(2);
        for (int i = 8; i < 20; i++)
        {
            items.Writer.TryWrite(i);
            Assert.True(await results.MoveNextAsync() && results.Current);
        }

        items.Writer.Complete();
        await run.Completion;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_product_with_an_empty_list_is_empty_whatever_the_others_are()
    {
        var add = Call.Join((int a, int b) => a + b);
        Assert.Empty(await add([], Call.Source(() => Enumerable.Range(0, int.MaxValue))).RunAsync());
        Assert.Empty(await add(Call.Source(() => Enumerable.Range(0, int.MaxValue)), []).ToListAsync());
    }

    [Fact(Timeout = 60_000)]
    public async Task Nobody_runs_far_ahead_of_a_slow_first_value()
    {
        int calls = 0;
        var gate = new TaskCompletionSource();
        var first = Call.Apply(async Task<int> (int x) =>
        {
            if (x == 0) await gate.Task;
            return x;
        });
        var second = Call.Apply((int x) =>
        {
            Interlocked.Increment(ref calls);
            return x;
        });
        await using IAsyncEnumerator<int> values = second(first(0..100_000)).On(Pool.Threads(2)).GetAsyncEnumerator(CancellationToken.None);
        ValueTask<bool> next = values.MoveNextAsync();
        await Task.Delay(100);
        Assert.InRange(Volatile.Read(ref calls), 100, 2000);
        gate.SetResult();
        Assert.True(await next);
        int count = 1;
        while (await values.MoveNextAsync()) Assert.Equal(count++, values.Current);
        Assert.Equal(100_000, count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_run_in_the_culture_of_who_started_them()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            var text = Call.Apply((double x) =>
            {
                string now = x.ToString(CultureInfo.CurrentCulture);
                CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
                return now;
            });
            string comma = 0.5.ToString(CultureInfo.CurrentCulture);
            Assert.Equal(Enumerable.Repeat(comma, 20), await text([.. Enumerable.Repeat(0.5, 20)]).RunAsync(Pool.Threads(2)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task An_endless_source_beside_a_short_list_is_told_at_once()
    {
        var add = Call.Zip((int a, int b) => a + b, new CallOptions { Name = "add" });
        await using CallRun<int> run = add([1, 2], Call.Source(() => Enumerable.Range(0, int.MaxValue), "numbers")).Start();
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => run.Completion);
        Assert.Contains("LEAT0094", error.Message, StringComparison.Ordinal);
        Assert.Equal([1, 3], await run.InOrder().ToListUntilFailureAsync());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_of_the_token_that_throws_or_blocks_keeps_nobody_waiting(bool blocks)
    {
        using var never = new ManualResetEventSlim();
        using var started = new SemaphoreSlim(0);
        CallRun<int> run = Call.Apply(async Task<int> (int x, CancellationToken token) =>
        {
            token.Register(() =>
            {
                if (blocks) never.Wait(CancellationToken.None);
                throw new InvalidOperationException("a callback");
            });
            started.Release();
            await Task.Delay(Timeout.Infinite, token);
            return x;
        })([1]).Start();
        await started.WaitAsync();
        await run.DisposeAsync();
        never.Set();
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_takes_values_one_by_one_is_run_ahead_of_by_a_little_and_leaves_nothing_running()
    {
        int calls = 0;
        var count = Call.Apply((int x) =>
        {
            Interlocked.Increment(ref calls);
            return x;
        });
        Deferred<int> endless = count(Call.Source(() => Enumerable.Range(0, int.MaxValue)));
        int taken = 0;
        await foreach (int _ in endless)
        {
            if (++taken == 10) break;
        }

        int atEnd = Volatile.Read(ref calls);
        Assert.InRange(atEnd, 10, 2000);
        await Task.Delay(50);
        Assert.Equal(atEnd, calls);
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_take_the_cores_and_the_memory_that_they_ask_for()
    {
        int inside = 0;
        int most = 0;
        var gate = new Lock();
        int With(int x)
        {
            int now = Interlocked.Increment(ref inside);
            lock (gate) most = Math.Max(most, now);
            Thread.Sleep(2);
            Interlocked.Decrement(ref inside);
            return x;
        }

        var two = Call.Apply<int, int>(With, new CallOptions { Resources = new Resources { Cores = 2 } });
        await two(0..20).RunAsync(Pool.Threads(5));
        Assert.InRange(most, 1, 2);
        most = 0;
        long half = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
        await Call.Apply<int, int>(With, new CallOptions { Resources = new Resources { Memory = half + 1 } })(0..10).RunAsync(Pool.Threads(5));
        Assert.Equal(1, most);

        foreach (Resources whole in (Resources[])[new() { Cores = Cores.All }, new() { Exclusive = true }])
        {
            most = 0;
            await Call.Apply<int, int>(With, new CallOptions { Resources = whole })(0..10).RunAsync(Pool.Threads(5));
            Assert.Equal(1, most);
        }

        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => two([1, 2]).RunAsync(Pool.Threads(1)));
        Assert.Equal(2, error.Failures.Count);
        Assert.Contains("LEAT0096: A call of 'With' needs 2 cores, and the pool has 1 workers.", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<PipelineException>(() => Call.Apply<int, int>(With, new CallOptions { Resources = new Resources { Gpus = 1000 } })([1]).RunAsync(Pool.Threads(1)));
        Assert.Contains("LEAT0096: A call of 'With' needs 1000 GPUs, and the machine has ", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Runs_that_share_a_pool_have_no_more_calls_at_work_than_it_has_workers()
    {
        await using Pool pool = Pool.Threads(3);
        int inside = 0;
        int most = 0;
        var work = Call.Apply(async Task<int> (int x) =>
        {
            int now = Interlocked.Increment(ref inside);
            lock (pool) most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
            return x;
        });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => work(0..200).RunAsync(pool)));
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, pool.Stats().Busy);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_product_that_is_too_large_is_refused_and_the_first_of_a_large_one_can_be_taken()
    {
        var add = Call.Join((int a, int b) => a + b, new CallOptions { Name = "add" });
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => add(0..100_000, 0..100_000).RunAsync());
        Assert.Contains("LEAT0095: The combinations of the inputs of 'add' are more than 2,147,483,647.", error.Message, StringComparison.Ordinal);

        error = await Assert.ThrowsAsync<PipelineException>(() => Call.Reduce((int[] all) => all.Length)(add(0..100_000, 0..100_000)).RunAsync());
        Assert.Single(error.Failures);

        int taken = 0;
        await foreach (int sum in add(0..40_000, 0..40_000))
        {
            Assert.Equal(taken, sum);
            if (++taken == 1000) break;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Calls_on_a_pool_that_was_disposed_fail()
    {
        Pool pool = Pool.Threads(2);
        await pool.DisposeAsync();
        PipelineException error = await Assert.ThrowsAsync<PipelineException>(() => Call.Apply((int x) => x)([1, 2, 3]).RunAsync(pool));
        Assert.Equal(3, error.Failures.Count);
        Assert.All(error.Failures, failure => Assert.Contains("LEAT0067", failure.Exception.Message, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Chains_and_products_of_any_size_need_no_stack_and_little_memory()
    {
        var add = Call.Apply((int x) => x + 1);
        Deferred<int> chain = 0;
        for (int i = 0; i < 100_000; i++) chain = add(chain);
        Assert.Equal((int[])[100_000], await chain.RunAsync());

        var fail = Call.Apply((int x) => x < 0 ? x : throw new InvalidOperationException("at the start"));
        Deferred<int> failing = fail(0);
        for (int i = 0; i < 100_000; i++) failing = add(failing);
        Assert.Contains("at the start", (await Assert.ThrowsAsync<PipelineException>(() => failing.RunAsync())).Message, StringComparison.Ordinal);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var product = Call.Join((int a, int b) => new byte[100].Length + a + b);
        await using CallRun<int> run = add(product(0..1000, 0..1000)).Start();
        await run.Completion;
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(2_000_000, run.Progress.Ran);
        Assert.True(after - before < 2_000_000L * 100, $"{after - before:N0} bytes");
        long sum = 0;
        await foreach (int value in run.InOrder()) sum += value;
        Assert.Equal(1_000_000L * (101 + 999), sum);
    }
}
