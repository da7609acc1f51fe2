using System.Diagnostics;
using System.Diagnostics.Metrics;
using Leat.Diagnostics;

namespace Leat.Streams;

/// <summary>A run as tracing sees it: one activity, with an event for everything that the run tells.</summary>
internal sealed class RunActivity
{
    private readonly Activity activity;

    private RunActivity(Activity activity) => this.activity = activity;

    /// <summary>Null when nobody listens.</summary>
    public static RunActivity? Start(IReadOnlyList<Node> nodes) =>
        Instruments.Start("leat.run", "leat.stages", () => string.Join(" | ", nodes.Where(n => n.IsVisible).Select(n => n.Name))) is { } activity
            ? new RunActivity(activity)
            : null;

    public void Tell(RunEvent happened) =>
        activity.AddEvent(new ActivityEvent(happened.GetType().Name, tags: new() { { "leat.event", happened.ToString() } }));

    public void Stop(PipelineException? error)
    {
        if (error is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        activity.Stop();
    }
}

/// <summary>The runs at work, for the gauge of queue lengths.</summary>
internal static class RunRegistry
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Run> Running = [];

    static RunRegistry() => Instruments.ObserveQueues(Measure);

    public static void Add(Run run)
    {
        lock (Gate)
        {
            Running.Add(run);
        }
    }

    public static void Remove(Run run)
    {
        lock (Gate)
        {
            Running.Remove(run);
        }
    }

    private static List<Measurement<long>> Measure()
    {
        lock (Gate)
        {
            return [.. Running
                .SelectMany(run => run.Nodes)
                .Where(node => node.IsVisible)
                .Select(node => new Measurement<long>(node.Queued, new KeyValuePair<string, object?>("stage", node.Name)))];
        }
    }
}
