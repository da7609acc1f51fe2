using System.Diagnostics;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Processes;

/// <summary>Items or results of 8 MiB, in GB/s.</summary>
internal static class LargeItems
{
    public const int Size = 8 * 1024 * 1024;
    public const int Count = 200;

    private static readonly byte[] Item = [.. Enumerable.Range(0, Size).Select(i => (byte)i)];

    /// <summary>There: the result is a number.</summary>
    public static Task<double> ThereAsync(Pool pool, int count = Count) =>
        MeasureAsync(count, Enumerable.Repeat(Item, count) | Stage.Map((byte[] item) => item.Length).On(pool), length => length);

    /// <summary>Back: the item is a number, and the result an array that each worker makes once.</summary>
    public static Task<double> BackAsync(Pool pool) =>
        MeasureAsync(
            Count,
            Enumerable.Range(0, Count) | Stage.Map(create: () => new byte[Size], body: (byte[] array, int _) => array).On(pool),
            result => result.Length);

    /// <summary>There and back: what is counted is one way, as both are at the same time.</summary>
    public static Task<double> ThereAndBackAsync(Pool pool, int count = Count) =>
        MeasureAsync(count, Enumerable.Repeat(Item, count) | Stage.Map((byte[] item) => item).On(pool), result => result.Length);

    private static async Task<double> MeasureAsync<T>(int count, Pipe<T> pipe, Func<T, int> lengthOf)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = 0;
        await foreach (T result in pipe)
        {
            bytes += lengthOf(result);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Check.That(bytes == (long)Size * count, $"{bytes} bytes came");
        return bytes / seconds / 1e9;
    }
}
