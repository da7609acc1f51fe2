using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Leat.Tests.Streams.Telemetry;

/// <summary>
/// What the library tells to tracing while a test runs. Other tests run at the same time: a run is known by the name of
/// one of its stages.
/// </summary>
internal sealed class RecordedActivities : IDisposable
{
    private readonly ConcurrentQueue<Activity> stopped = [];
    private readonly ActivityListener listener;

    public RecordedActivities()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Leat",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>The activities, all ended, of runs with a stage of that name.</summary>
    public Activity[] Of(string stage) => [.. stopped.Where(activity => StagesOf(activity).Contains(stage))];

    public static string[] StagesOf(Activity activity) => $"{activity.GetTagItem("leat.stages")}".Split(" | ");

    public void Dispose() => listener.Dispose();
}

/// <summary>What the library tells to metrics while a test runs.</summary>
internal sealed class RecordedMeasurements : IDisposable
{
    private readonly ConcurrentQueue<(string Instrument, string Stage, long Value)> all = [];
    private readonly MeterListener listener = new();

    public RecordedMeasurements()
    {
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == "Leat") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "stage") all.Enqueue((instrument.Name, $"{tag.Value}", value));
            }
        });
        listener.Start();
    }

    /// <summary>All measurements of one instrument about one stage, added up.</summary>
    public long SumOf(string instrument, string stage) => ValuesOf(instrument, stage).Sum();

    /// <summary>What a gauge shows now of one stage; null when it shows nothing.</summary>
    public long? Observe(string instrument, string stage)
    {
        int before = ValuesOf(instrument, stage).Count();
        listener.RecordObservableInstruments();
        return ValuesOf(instrument, stage).Skip(before).Select(value => (long?)value).FirstOrDefault();
    }

    public void Dispose() => listener.Dispose();

    private IEnumerable<long> ValuesOf(string instrument, string stage) =>
        all.Where(measured => measured.Instrument == instrument && measured.Stage == stage).Select(measured => measured.Value);
}
