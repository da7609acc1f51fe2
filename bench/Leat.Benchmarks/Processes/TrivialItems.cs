using System.Diagnostics;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Processes;

/// <summary>Items on which there is next to nothing to do, so that the way to the workers and back is what takes time.</summary>
internal static class TrivialItems
{
    /// <summary>Items a second, in order; source and consumer included.</summary>
    public static async Task<double> RunAsync(Pool pool, int count, int? batch)
    {
        Stage<int, int> addOne = Stage.Map((int item) => item + 1).On(pool);
        Pipe<int> pipe = Enumerable.Range(0, count) | (batch is { } fixedSize ? addOne.With(batch: fixedSize) : addOne);
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        await foreach (int item in pipe)
        {
            sum += item;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Check.That(sum == count * (count + 1L) / 2, $"the sum is {sum}");
        return count / seconds;
    }

    /// <summary>The same, a thousand at once: each item of the stream is an array.</summary>
    public static async Task<double> RunInArraysAsync(Pool pool, int count)
    {
        Pipe<int[]> pipe = Enumerable.Range(0, count) | Stage.Batch<int>(1_000) | Stage.Map((int[] items) => Array.ConvertAll(items, item => item + 1)).On(pool);
        long start = Stopwatch.GetTimestamp();
        long sum = 0;
        await foreach (int[] items in pipe)
        {
            foreach (int item in items) sum += item;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Check.That(sum == count * (count + 1L) / 2, $"the sum is {sum}");
        return count / seconds;
    }
}
