namespace Leat.Tests.Calls.Model;

/// <summary>Random nested calls with a cache: whatever is in it, or is done to it, the outcomes are the same.</summary>
public sealed class RandomCachedCallsTests
{
    [Fact(Timeout = 600_000)]
    public async Task A_second_run_calls_nothing_that_has_succeeded()
    {
        using var directory = new TemporaryDirectory();
        for (int seed = 5000; seed < 5000 + (60 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            CallOptions options = Cache.Directory(directory["cache"], new CacheOptions { Events = _ => Assert.Fail("The cache complains.") });
            CallProgress first = await RunAsync(plan, options);
            CallProgress second = await RunAsync(plan, options);
            Assert.True(second.Ran == 0 && second.Known == first.Known, $"{plan}\n{first}\n{second}");
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task What_is_damaged_or_removed_is_computed_again()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory["cache"]);
        for (int seed = 6000; seed < 6000 + (40 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            CallOptions options = Cache.Directory(directory["cache"], new CacheOptions { Events = _ => { } });
            await RunAsync(plan, options);
            Damage(directory["cache"], new Random(seed));
            await RunAsync(plan, options);
        }
    }

    [Fact(Timeout = 600_000)]
    public async Task Equal_calls_of_runs_side_by_side_give_the_same()
    {
        using var directory = new TemporaryDirectory();
        for (int seed = 7000; seed < 7000 + (30 * Repeat.Times(1)); seed++)
        {
            CallPlan plan = CallPlan.Random(seed);
            CallOptions options = Cache.Directory(directory["cache"]);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => RunAsync(plan, options))));
        }
    }

    private static async Task<CallProgress> RunAsync(CallPlan plan, CallOptions options)
    {
        List<int?> expected = Prediction.Of(plan.Steps)[^1];
        await using CallRun<int> run = Builder.Build(plan, _ => options).Start();
        Task<List<int?>> actual = run.Outcomes().Select(outcome => outcome.IsSuccess ? outcome.Value : (int?)null).ToListSafelyAsync();
        if (await Task.WhenAny(actual, Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System)) != actual) Assert.Fail($"A run hangs: {run.Progress}\n{plan}");
        Assert.True(expected.SequenceEqual(await actual), $"{plan}\nexpected {string.Join(" ", expected)}\nactual {string.Join(" ", await actual)}\n{run.Completion.Exception?.Message}");
        return run.Progress;
    }

    private static void Damage(string cache, Random random)
    {
        foreach (string file in Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray())
        {
            if (file.Contains("holds", StringComparison.Ordinal) || Path.GetDirectoryName(file) == cache) continue;
            switch (random.Next(6))
            {
                case 0:
                    File.Delete(file);
                    break;
                case 1:
                    using (FileStream stream = File.OpenWrite(file)) stream.SetLength(random.Next((int)stream.Length + 1));
                    break;
                case 2:
                    using (FileStream stream = File.OpenWrite(file))
                    {
                        stream.Position = random.Next((int)stream.Length);
                        stream.WriteByte((byte)random.Next(256));
                    }

                    break;
            }
        }
    }
}
