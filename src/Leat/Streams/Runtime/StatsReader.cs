using System.Diagnostics;

namespace Leat.Streams;

/// <summary>Adds up what the workers of a run have counted.</summary>
internal static class StatsReader
{
    public static IReadOnlyList<StageStats> Read(Run run, TimeSpan elapsed) =>
        [.. run.Nodes.Where(node => node.IsVisible).Select(node => Read(node, elapsed.TotalSeconds))];

    private static StageStats Read(Node node, double seconds)
    {
        Worker[] workers = node.Workers;
        long taken = workers.Sum(w => Volatile.Read(ref w.In));
        long given = workers.Sum(w => Volatile.Read(ref w.Out));
        (double mean, double percentile95) = BodyTimes.Summarize(workers.Select(w => w.Times));
        return new StageStats(node.Name)
        {
            In = taken,
            Out = given,
            Failed = workers.Sum(w => Volatile.Read(ref w.Failed)),
            Skipped = workers.Sum(w => Volatile.Read(ref w.Skipped)),
            Queued = node.Queued,
            Busy = Math.Min(node.WorkerCount, workers.Count(w => w.Busy && !w.HasEnded)),
            Workers = node.WorkerCount,
            Abandoned = node.Abandoned,
            Rate = seconds > 0 ? (node is ISourceNode ? given : taken) / seconds : 0,
            MeanTime = ToTime(mean),
            Percentile95 = ToTime(percentile95),
        };
    }

    private static TimeSpan ToTime(double ticks) => TimeSpan.FromSeconds(ticks / Stopwatch.Frequency);
}
