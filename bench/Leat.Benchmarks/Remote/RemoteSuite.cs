using System.Diagnostics;
using Leat.Benchmarks.Processes;

namespace Leat.Benchmarks.Remote;

/// <summary>
/// Pools on other machines, with this one in their place: what the way to them costs, beside the same way without Leat, and beside processes of
/// this machine. Needs sshd and Slurm, which it starts itself.
/// </summary>
internal static class RemoteSuite
{
    private const int Million = 1_000_000;
    private const int Trips = 2_000;

    public static IEnumerable<Case> Cases()
    {
        foreach (Func<Way?> open in (Func<Way?>[])[SshWay.TryOpen, SlurmWay.TryOpen])
        {
            using Way? way = open();
            foreach (Case each in way is null ? [] : CasesOf(way)) yield return each;
        }
    }

    private static List<Case> CasesOf(Way way)
    {
        Pool two = way.Open(2);
        Pool one = way.Open(1);
        Pool local = Pool.Processes(2);
        int many = Million / way.Part;
        int large = LargeItems.Count / way.Part;
        way.AtEnd(two, one, local);
        return
        [
            new Case($"{way.Name}: first result, nothing there yet", $"{way.Name} true", "ms", () => FirstResultAsync(way, isCold: true), () => way.EmptyAsync()) { WarmUp = 0 },
            new Case($"{way.Name}: first result, the program's files there", $"{way.Name} true", "ms", () => FirstResultAsync(way, isCold: false), () => way.EmptyAsync()),
            new Case($"{way.Name}: one item at a time", $"{way.Name} cat", "µs", () => RoundTrips.RunAsync(one, Trips), () => way.RoundTripAsync(Trips)),
            new Case($"{way.Name}: trivial items, 2 workers, ordered", "2 processes here", "items/s", () => TrivialItems.RunAsync(two, many, batch: null), () => TrivialItems.RunAsync(local, many, batch: null)) { HigherIsBetter = true },
            new Case($"{way.Name}: the same, 1,000 in each item", "2 processes here", "items/s", () => TrivialItems.RunInArraysAsync(two, Million), () => TrivialItems.RunInArraysAsync(local, Million)) { HigherIsBetter = true },
            new Case($"{way.Name}: 8 MiB there", $"{way.Name} cat > /dev/null", "GB/s", () => LargeItems.ThereAsync(two, large), () => way.ThereAsync(LargeItems.Size, large)) { HigherIsBetter = true },
            new Case($"{way.Name}: 8 MiB there and back", $"{way.Name} cat", "GB/s", () => LargeItems.ThereAndBackAsync(two, large), () => way.ThereAndBackAsync(LargeItems.Size, large)) { HigherIsBetter = true },
        ];
    }

    // Milliseconds from the making of the pool to the first result.
    private static async Task<double> FirstResultAsync(Way way, bool isCold)
    {
        if (isCold) way.Forget();
        long start = Stopwatch.GetTimestamp();
        await using Pool pool = way.Open(1);
        await using PipeEnumerator<int> results = ((int[])[1] | Stage.Map((int item) => item + 1).On(pool)).GetAsyncEnumerator();
        bool any = await results.MoveNextAsync();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Streams.Check.That(any && results.Current == 2, "there is no result");
        return milliseconds;
    }
}
