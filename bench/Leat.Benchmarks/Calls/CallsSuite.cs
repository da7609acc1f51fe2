using System.Diagnostics;
using System.Globalization;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Calls;

/// <summary>The budgets of calls and of the cache.</summary>
internal static class CallsSuite
{
    private const int Hits = 2_000;
    private const int Many = 500_000;
    private const int Long = 100_000;
    private const int Side = 1_000;

    private static readonly Func<int, int> Function = x => x * x;
    private static readonly Func<Deferred<int>, Deferred<int>> Square = Call.Apply(Function);
    private static readonly Func<Deferred<int>, Deferred<int>, Deferred<int>> Multiply = Call.Join((int a, int b) => a * b);

    public static IEnumerable<Case> Cases()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("leat-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var cache = Cache.Directory(folder.FullName);
        return [.. Budgets(cache), .. Python.With("joblib") is { } python ? AgainstJoblib(cache, python) : NoJoblib()];
    }

    private static IEnumerable<Case> Budgets(Cache cache)
    {
        yield return new Case("a hit, wrapped function", "20 µs", "µs", () => Task.FromResult(WrappedHits(cache)), null)
        {
            LeastRatio = 1,
            Bound = 20,
            Prepare = () => Task.FromResult(WrappedHits(cache, 100)),
        };
        yield return new Case("a hit, call", "20 µs", "µs", () => CallHitsAsync(cache), null)
        {
            LeastRatio = 1,
            Bound = 20,
            Prepare = () => CallHitsAsync(cache, 100),
        };
        yield return new Case("calls without a cache", "50,000 calls/s", "calls/s", () => CallsAsync(Many), null)
        {
            HigherIsBetter = true,
            LeastRatio = 1,
            Bound = 50_000,
            Prepare = () => CallsAsync(1_000),
        };
        yield return new Case("calls without a cache", "Task.Run", "calls/s", () => CallsAsync(Many), TasksAsync) { HigherIsBetter = true };
        yield return new Case("a product of 1,000 x 1,000", "50,000 calls/s", "calls/s", ProductAsync, null) { HigherIsBetter = true, LeastRatio = 1, Bound = 50_000 };
        yield return new Case("a chain of 100,000", "50,000 calls/s", "calls/s", ChainAsync, null) { HigherIsBetter = true, LeastRatio = 1, Bound = 50_000 };
    }

    private static IEnumerable<Case> AgainstJoblib(Cache cache, string python)
    {
        yield return new Case(
            "a hit, wrapped function",
            "joblib.Memory",
            "µs",
            () => Task.FromResult(WrappedHits(cache)),
            () => Python.RunAsync(python, "Calls/memory.py", Hits.ToString(CultureInfo.InvariantCulture)))
        {
            LeastRatio = 1,
        };
    }

    private static IEnumerable<Case> NoJoblib()
    {
        Console.Error.WriteLine("The case against joblib is left out: no python3 has it.");
        return [];
    }

    private static double WrappedHits(Cache cache, int count = Hits)
    {
        Func<int, int> wrapped = cache.Wrap(Function);
        for (int i = 0; i < count; i++) wrapped(i);
        long start = Stopwatch.GetTimestamp();
        long total = 0;
        for (int i = 0; i < count; i++) total += wrapped(i);
        double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        Check.That(total == Enumerable.Range(0, count).Sum(i => (long)i * i), "a wrong sum");
        return time;
    }

    private static async Task<double> CallHitsAsync(Cache cache, int count = Hits)
    {
        Deferred<int> squares = Call.Apply(Function, cache)(0..count);
        await squares.RunAsync();
        long start = Stopwatch.GetTimestamp();
        await using CallRun<int> run = squares.Start();
        await run.Completion;
        double time = Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        Check.That(run.Progress.FromCache == count, "not all were in the cache");
        return time;
    }

    private static async Task<double> CallsAsync(int count)
    {
        long start = Stopwatch.GetTimestamp();
        int[] results = await Square(0..count).RunAsync();
        Check.That(results.Length == count && results[^1] == (count - 1) * (count - 1), "a wrong result");
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> TasksAsync()
    {
        long start = Stopwatch.GetTimestamp();
        int[] results = await Task.WhenAll(Enumerable.Range(0, Many).Select(x => Task.Run(() => Function(x))));
        Check.That(results.Length == Many, "a wrong result");
        return Many / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ProductAsync()
    {
        long start = Stopwatch.GetTimestamp();
        int[] results = await Multiply(0..Side, 0..Side).RunAsync();
        Check.That(results.Length == Side * Side && results[^1] == (Side - 1) * (Side - 1), "a wrong result");
        return results.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ChainAsync()
    {
        Deferred<int> chain = 1;
        for (int i = 0; i < Long; i++) chain = Square(chain);
        long start = Stopwatch.GetTimestamp();
        int[] results = await chain.RunAsync();
        Check.That(results is [1], "a wrong result");
        return Long / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
