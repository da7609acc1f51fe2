using System.Diagnostics;

namespace Leat.Benchmarks.Streams;

/// <summary>Leat's side of the chains: items through some stages of the same body.</summary>
internal static class LeatChain
{
    /// <summary>Nanoseconds an item, source and consumer included.</summary>
    public static async Task<double> RunAsync(IEnumerable<int> items, int count, Func<int, int> body, int stages, int workers, bool ordered)
    {
        Pipe<int> pipe = Chain(Source.From(items), body, stages, workers, ordered);
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        await foreach (int item in pipe)
        {
            sum += item;
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        Check.Sum(sum, items, body, stages);
        return elapsed / count;
    }

    public static Pipe<int> Chain(Pipe<int> pipe, Func<int, int> body, int stages, int workers, bool ordered)
    {
        for (int i = 0; i < stages; i++)
        {
            pipe |= Stage.Map(body, workers).With(ordered: ordered);
        }

        return pipe;
    }

    /// <summary>Nanoseconds an item of an asynchronous body.</summary>
    public static async Task<double> RunAsync(int count, Func<int, Task<int>> body, int workers)
    {
        long start = Stopwatch.GetTimestamp();
        int last = await (Enumerable.Range(0, count) | Stage.Map(body, workers)).ExecuteAsync();
        Check.Last(last, count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    /// <summary>Bytes that each further item allocates, in the steady state.</summary>
    public static async Task<double> AllocationAsync(Func<int, int> body, int stages, int workers)
    {
        const int few = 500_000;
        const int many = 2_500_000;
        await RunAsync(Enumerable.Range(0, few), few, body, stages, workers, ordered: true);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(Enumerable.Range(0, few), few, body, stages, workers, ordered: true);
        long between = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync(Enumerable.Range(0, many), many, body, stages, workers, ordered: true);
        long after = GC.GetTotalAllocatedBytes(precise: true);
        return (after - between - (between - before)) / (double)(many - few);
    }
}
