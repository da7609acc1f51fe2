using System.Diagnostics;

namespace Leat.Benchmarks.Streams;

/// <summary>The budgets of the streams engine.</summary>
internal static class StreamsSuite
{
    private const int Count = 1_000_000;

    private const int FewCount = 5_000;

    private static readonly IEnumerable<int> Few = Enumerable.Range(0, FewCount);

    private static readonly IEnumerable<int> Million = Enumerable.Range(0, Count);

    public static IEnumerable<Case> Cases() =>
        [.. Trivial(), .. Heavy(), .. Latencies(), .. Memory()];

    private static IEnumerable<Case> Trivial()
    {
        foreach (int stages in (int[])[1, 3, 8])
        {
            foreach ((int workers, bool ordered) in ((int, bool)[])[(1, true), (2, true), (2, false)])
            {
                string name = $"{stages} stages, {workers} workers{(workers > 1 ? ordered ? ", ordered" : ", unordered" : "")}";
                Case Against(string peer, double? leastRatio, Func<IEnumerable<int>, int, Task<double>> theirs)
                {
                    Task<double> Ours(IEnumerable<int> items, int count) => LeatChain.RunAsync(items, count, AddOne, stages, workers, ordered);
                    return new Case(name, peer, "ns/item", () => Ours(Million, Count), () => theirs(Million, Count))
                    {
                        LeastRatio = leastRatio,
                        Prepare = async () =>
                        {
                            await Ours(Few, FewCount);
                            await theirs(Few, FewCount);
                        },
                    };
                }

                yield return Against("Dataflow", 15, (items, count) => Peers.DataflowAsync(items, count, AddOne, stages, workers, ordered));
                yield return Against("Channel", 6, (items, count) => Peers.ChannelAsync(items, count, AddOne, stages, workers));
                yield return Against("arrays through Channel", 0.5, (items, count) => Peers.ArraysAsync(items, count, AddOne, stages, workers));
                yield return Against("Parallel.ForEachAsync", null, (items, count) => Peers.ForEachAsync(items, count, AddOne, stages, workers));
                if (ordered)
                {
                    yield return Against("PLINQ ordered", null, (items, count) => Peers.PlinqAsync(items, count, AddOne, stages, workers));
                }
            }
        }
    }

    private static IEnumerable<Case> Heavy()
    {
        const int waits = 4000;
        const int waiters = 64;
        static async Task<int> Wait(int item)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1));
            return item;
        }

        Task<double> Waiting() => LeatChain.RunAsync(waits, Wait, waiters);
        yield return new Case("1 ms of waiting, 64 workers", "Dataflow", "ns/item", Waiting, () => Peers.DataflowAsync(waits, Wait, waiters)) { LeastRatio = 0.95 };
        yield return new Case("1 ms of waiting, 64 workers", "Parallel.ForEachAsync", "ns/item", Waiting, () => Peers.ForEachAsync(waits, Wait, waiters)) { LeastRatio = 0.95 };

        const int spins = 10_000;
        IEnumerable<int> items = Enumerable.Range(0, spins);
        Task<double> Spinning() => LeatChain.RunAsync(items, spins, Spin, 1, 2, ordered: true);
        yield return new Case("50 µs of CPU, 2 workers", "Dataflow", "ns/item", Spinning, () => Peers.DataflowAsync(items, spins, Spin, 1, 2, ordered: true)) { LeastRatio = 0.95 };
        yield return new Case("50 µs of CPU, 2 workers", "arrays through Channel", "ns/item", Spinning, () => Peers.ArraysAsync(items, spins, Spin, 1, 2)) { LeastRatio = 0.95 };
        yield return new Case("50 µs of CPU, 2 workers", "PLINQ ordered", "ns/item", Spinning, () => Peers.PlinqAsync(items, spins, Spin, 1, 2)) { LeastRatio = 0.95 };
    }

    private static IEnumerable<Case> Latencies()
    {
        yield return new Case("a lone item through 3 stages", "5 ms", "µs", Latency.LeatAsync, null) { Bound = 5000, LeastRatio = 1 };
        yield return new Case("a lone item through 3 stages", "Channel", "µs", Latency.LeatAsync, Latency.ChannelAsync) { WarmUp = 1 };
    }

    private static IEnumerable<Case> Memory()
    {
        // Three outputs and a source that choose their own bound: 16 items, and one in each worker's hands.
        yield return new Case("pulled ahead of a consumer that stops, 3 stages", "4 × (16 + 1) + 1", "items", Latency.PulledAheadAsync, null) { Bound = 69, LeastRatio = 1 };
        yield return new Case("allocation, 3 stages, 1 worker", "0.01 bytes", "bytes/item", () => LeatChain.AllocationAsync(AddOne, 3, 1), null) { Bound = 0.01, LeastRatio = 1, WarmUp = 0 };
        yield return new Case("allocation, 3 stages, 2 workers", "0.01 bytes", "bytes/item", () => LeatChain.AllocationAsync(AddOne, 3, 2), null) { Bound = 0.01, LeastRatio = 1, WarmUp = 0 };
    }

    private static int AddOne(int item) => item + 1;

    private static int Spin(int item)
    {
        long end = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 20_000);
        while (Stopwatch.GetTimestamp() < end)
        {
        }

        return item + 1;
    }
}
