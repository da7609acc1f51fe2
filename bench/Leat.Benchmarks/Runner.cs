namespace Leat.Benchmarks;

/// <summary>Runs Leat and its peer in turn and takes the medians.</summary>
internal static class Runner
{
    public static async Task<Result> RunAsync(string suite, Case each, int rounds)
    {
        if (each.Prepare is not null)
        {
            // A method is compiled anew after 30 calls, to count what it does, and after 30 more, for good; each time in
            // the background, 100 ms after the last new one.
            for (int tier = 0; tier < 2; tier++)
            {
                for (int i = 0; i < 40; i++)
                {
                    await each.Prepare();
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300));
            }
        }

        List<double> leat = [];
        List<double> peer = [];
        for (int round = -each.WarmUp; round < rounds; round++)
        {
            double ours = await MeasureAsync(each.Leat);
            double theirs = each.Peer is null ? each.Bound : await MeasureAsync(each.Peer);
            if (round >= 0)
            {
                leat.Add(ours);
                peer.Add(theirs);
            }
        }

        double ourMedian = Median(leat);
        double theirMedian = Median(peer);
        double ratio = each.HigherIsBetter ? ourMedian / theirMedian : theirMedian / Math.Max(ourMedian, 1e-9);
        return new Result(suite, each.Name, ourMedian, theirMedian, each.PeerName, each.Unit, each.HigherIsBetter, ratio, each.LeastRatio);
    }

    private static async Task<double> MeasureAsync(Func<Task<double>> work)
    {
        // One side's garbage is not the other side's pause.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return await work();
    }

    private static double Median(List<double> figures)
    {
        figures.Sort();
        return figures[figures.Count / 2];
    }
}
