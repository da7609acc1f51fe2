using Leat.Tests.Pools;

namespace Leat.Tests.Calls.Model;

/// <summary>Random nested calls against the plain way of computing them.</summary>
public sealed class RandomCallsTests
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    [Theory(Timeout = 600_000)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task The_outcomes_are_those_of_the_plain_way(int threads)
    {
        await using Pool pool = Pool.Threads(threads);
        for (int seed = 0; seed < 250 * Repeat.Times(1); seed++) await CheckAsync(CallPlan.Random(seed), pool, _ => new CallOptions());
    }

    [Fact(Timeout = 600_000)]
    public async Task Calls_on_several_pools_go_together()
    {
        await using Pool one = Pool.Threads(1);
        await using Pool three = Pool.Threads(3);
        Pool?[] pools = [one, three, null];
        for (int seed = 1000; seed < 1000 + (150 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            await CheckAsync(plan, one, step => new CallOptions { Pool = pools[plan.Steps[step].Seed % 3] });
        }
    }

    [Theory(Timeout = 600_000)]
    [InlineData(PoolKind.Sockets)]
    [InlineData(PoolKind.Choppy)]
    public async Task Calls_in_processes_give_the_same(PoolKind kind)
    {
        await using Pool pool = PoolKinds.Create(kind);
        await using Pool threads = Pool.Threads(2);
        for (int seed = 2000; seed < 2000 + (25 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            await CheckAsync(plan, pool, step => new CallOptions { Pool = plan.Steps[step].Seed % 4 == 0 ? threads : null });
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task An_enumeration_gives_the_values_and_then_fails_if_calls_have_failed()
    {
        for (int seed = 3000; seed < 3000 + (150 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            List<int?> expected = Prediction.Of(plan.Steps)[^1];
            List<int> actual = [];
            bool failed = false;
            try
            {
                await foreach (int value in Builder.Build(plan, _ => new CallOptions())) actual.Add(value);
            }
            catch (PipelineException)
            {
                failed = true;
            }

            Assert.True(expected.OfType<int>().SequenceEqual(actual), plan.ToString());
            if (expected.Contains(null)) Assert.True(failed, plan.ToString());
        }
    }

    private static async Task CheckAsync(CallPlan plan, Pool pool, Func<int, CallOptions> optionsOf)
    {
        List<int?> expected = Prediction.Of(plan.Steps)[^1];
        await using CallRun<int> run = Builder.Build(plan, optionsOf).Start(pool);
        Task<List<int?>> inOrder = run.Outcomes().Select(outcome => outcome.IsSuccess ? outcome.Value : (int?)null).ToListSafelyAsync();
        Task<List<int>> asCompleted = run.AsCompleted().ToListSafelyAsync();
        Task all = Task.WhenAll(inOrder, asCompleted, run.Completion.ContinueWith(_ => { }, TaskScheduler.Default));
        if (await Task.WhenAny(all, Task.Delay(Hang, TimeProvider.System)) != all) Assert.Fail($"A run hangs: {run.Progress}\n{plan}");
        string text = $"{plan}\nexpected {string.Join(" ", expected)}\nactual {string.Join(" ", await inOrder)}\n{run.Completion.Exception?.Message}";
        Assert.True(expected.SequenceEqual(await inOrder), text);
        Assert.True(expected.OfType<int>().Order().SequenceEqual((await asCompleted).Order()), text);
        if (expected.Contains(null)) Assert.True(run.Completion.IsFaulted, text);
        CallProgress end = run.Progress;
        if (!run.Completion.IsFaulted) Assert.True(end.Known == end.Ran, $"{end}\n{text}");
        Assert.True(end.Running == 0, $"{end}\n{text}");
        Assert.True(end.Known == end.Done, $"{end}\n{text}");
    }
}

internal static class Sequences
{
    /// <summary>The values before the sequence failed, if it does.</summary>
    public static async Task<List<T>> ToListSafelyAsync<T>(this IAsyncEnumerable<T> values)
    {
        List<T> list = [];
        try
        {
            await foreach (T value in values) list.Add(value);
        }
        catch (PipelineException)
        {
            // What was given before it counts.
        }

        return list;
    }
}
