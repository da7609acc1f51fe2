using System.Diagnostics;

namespace Leat.Tests.Streams.Model;

/// <summary>What the bodies of a plan's steps compute; the pipeline and its model both use it.</summary>
internal static class Arithmetic
{
    private const int Mask = 0xFFFFF;

    public static int Map(int item, int argument) => ((item * 31) + argument) & Mask;

    public static bool Keeps(int item, int argument) => item % (argument + 2) != 0;

    public static IEnumerable<int> Expand(int item, int argument) => Enumerable.Range(0, (item + argument) % 4).Select(i => (item + (i * 7)) & Mask);

    public static IEnumerable<int> Split(int item, int argument) => Enumerable.Range(0, (item + argument) % 5).Select(i => (item * (i + 1)) & Mask);

    public static int Add(int one, int other) => (one + other) & Mask;

    public static int Combine(IEnumerable<int> items) => items.Aggregate(17, (sum, item) => ((sum * 7) + item) & Mask);

    /// <summary>Some items take a way round by the thread pool, some take long; which, depends on the item alone.</summary>
    public static async ValueTask DawdleAsync(int item)
    {
        if (item % 11 == 0) await Task.Yield();
        Dawdle(item);
    }

    public static void Dawdle(int item)
    {
        if (item % 53 == 0) Thread.SpinWait(2_000);
        if (item % 211 == 0) OutlastABeat();
    }

    // So long that the engine gives what stands behind the item to other workers.
    private static void OutlastABeat()
    {
        long since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(5)) Thread.SpinWait(50);
    }
}
