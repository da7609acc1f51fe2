using System.Diagnostics;
using System.Threading.Channels;
using Leat.Benchmarks.Streams;

namespace Leat.Benchmarks.Processes;

/// <summary>One item at a time: the next is given when the result of the one before is there.</summary>
internal static class RoundTrips
{
    /// <summary>Median microseconds from the source's write to the consumer's read.</summary>
    public static async Task<double> RunAsync(Pool pool, int count)
    {
        var input = Channel.CreateUnbounded<int>();
        Pipe<int> pipe = Source.From(input.Reader) | Stage.Map((int item) => item + 1).On(pool).With(workers: 1, batch: 1);
        await using PipeEnumerator<int> output = pipe.GetAsyncEnumerator();
        List<double> times = [];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            input.Writer.TryWrite(i);
            Check.That(await output.MoveNextAsync() && output.Current == i + 1, "an item got lost");
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        input.Writer.Complete();
        Check.That(!await output.MoveNextAsync(), "there is an item too many");
        times.Sort();
        return times[times.Count / 2];
    }
}
