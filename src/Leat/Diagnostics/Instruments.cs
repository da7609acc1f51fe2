using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Leat.Diagnostics;

/// <summary>The names under which runs show up in tracing and metrics.</summary>
internal static class Instruments
{
    public const string SourceName = "Leat";

    public static readonly ActivitySource Activities = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    public static readonly Counter<long> Items =
        Meter.CreateCounter<long>("leat.stage.items", "{item}", "Items that a stage took in.");

    public static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("leat.stage.failures", "{item}", "Items on which a stage failed.");

    public static readonly Counter<long> Calls =
        Meter.CreateCounter<long>("leat.calls", "{call}", "Calls whose result is known, by function and origin.");

    /// <summary>Starts an activity without making it the caller's current one, which it would stay when the caller goes on.</summary>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Start(string name, string tag, Func<string> value)
    {
        if (Activities.CreateActivity(name, ActivityKind.Internal) is not { } activity) return null;
        activity.SetTag(tag, value());
        Activity? current = Activity.Current;
        activity.Start();
        Activity.Current = current;
        return activity;
    }

    /// <summary>Registers the gauge of queue lengths; <paramref name="observe"/> is called only when somebody listens.</summary>
    public static void ObserveQueues(Func<IEnumerable<Measurement<long>>> observe) =>
        Meter.CreateObservableGauge("leat.stage.queued", observe, "{item}", "Items that wait in a stage's output.");
}
