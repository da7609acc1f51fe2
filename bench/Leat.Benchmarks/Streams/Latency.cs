using System.Diagnostics;
using System.Threading.Channels;

namespace Leat.Benchmarks.Streams;

/// <summary>How long a lone item takes through three stages, and what waits before a consumer that takes nothing.</summary>
internal static class Latency
{
    private const int Items = 200;
    private const int Stages = 3;

    /// <summary>Median microseconds from the source's write to the consumer's read.</summary>
    public static Task<double> LeatAsync() => MeasureAsync((input, body) =>
        LeatChain.Chain(Source.From(input), body, Stages, 1, ordered: true));

    /// <summary>The same through channels, item by item.</summary>
    public static Task<double> ChannelAsync() => MeasureAsync((input, body) =>
    {
        for (int i = 0; i < Stages; i++)
        {
            input = Peers.ChannelStage(input, body, 1);
        }

        return input.ReadAllAsync();
    });

    /// <summary>Items pulled from an endless source for a consumer that has taken one and takes no more.</summary>
    public static async Task<double> PulledAheadAsync()
    {
        int pulled = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return Interlocked.Increment(ref pulled);
            }
        }

        await using PipeEnumerator<int> items =
            LeatChain.Chain(Source.From(Endless()), item => item + 1, Stages, 1, ordered: true).GetAsyncEnumerator();
        await items.MoveNextAsync();
        int before = -1;
        while (before != pulled)
        {
            before = pulled;
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return before;
    }

    private static async Task<double> MeasureAsync(Func<ChannelReader<int>, Func<int, int>, IAsyncEnumerable<int>> connect)
    {
        var input = Channel.CreateUnbounded<int>();
        await using IAsyncEnumerator<int> output = connect(input.Reader, item => item + 1).GetAsyncEnumerator();
        List<double> times = [];
        for (int i = 0; i < Items; i++)
        {
            ValueTask<bool> next = output.MoveNextAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(1));
            long start = Stopwatch.GetTimestamp();
            input.Writer.TryWrite(i);
            Check.That(await next && output.Current == i + Stages, "an item got lost");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        input.Writer.Complete();
        times.Sort();
        return times[times.Count / 2];
    }
}
