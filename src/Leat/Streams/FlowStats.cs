using Leat.Streams;

namespace Leat;

/// <summary>What a flow is doing.</summary>
public enum FlowState
{
    /// <summary>Items flow.</summary>
    Running,

    /// <summary>Sources pull nothing; what was pulled flows on.</summary>
    Paused,

    /// <summary>Sources have ended by request; what was pulled flows out.</summary>
    Stopping,

    /// <summary>Everything was done.</summary>
    Completed,

    /// <summary>The run has ended with a <see cref="PipelineException"/>.</summary>
    Failed,

    /// <summary>The run was cancelled.</summary>
    Cancelled,
}

/// <summary>A flow at one moment.</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Elapsed">Time since its start, up to its end.</param>
/// <param name="Stages">Its sources, stages and sinks, inputs before their users.</param>
public sealed record FlowStats(FlowState State, TimeSpan Elapsed, IReadOnlyList<StageStats> Stages)
{
    /// <summary>The stage of that name.</summary>
    /// <exception cref="KeyNotFoundException">The flow has none of that name.</exception>
    public StageStats this[string name] =>
        Stages.FirstOrDefault(stage => stage.Name == name)
        ?? throw StreamErrors.NoSuchStage(name, Stages.Select(stage => stage.Name));
}

/// <summary>
/// One stage of a flow at one moment. The counts are kept by each worker and brought up to date between its handfuls
/// of items, so they may lag by a moment; at the end of the run they are exact.
/// </summary>
/// <param name="Name">The stage's name, numbered where a flow has several of the same name.</param>
public sealed record StageStats(string Name)
{
    /// <summary>Items taken in; 0 for a source.</summary>
    public long In { get; init; }

    /// <summary>Items given out; 0 for a sink.</summary>
    public long Out { get; init; }

    /// <summary>Items on which the body failed, after all retries.</summary>
    public long Failed { get; init; }

    /// <summary>Failed items that were dropped (<see cref="OnError.Skip"/>).</summary>
    public long Skipped { get; init; }

    /// <summary>Items that wait in the stage's output.</summary>
    public int Queued { get; init; }

    /// <summary>Workers that are in the author's code.</summary>
    public int Busy { get; init; }

    /// <summary>All workers of the stage.</summary>
    public int Workers { get; init; }

    /// <summary>Bodies that did not return after they were cancelled and were left behind.</summary>
    public int Abandoned { get; init; }

    /// <summary>Items a second since the start: those taken in, of a source those given out.</summary>
    public double Rate { get; init; }

    /// <summary>Mean time the body took for an item; zero where it is not measured (sources and joints).</summary>
    public TimeSpan MeanTime { get; init; }

    /// <summary>The time within which the body was done with 95 % of the items, right to within 9 %.</summary>
    public TimeSpan Percentile95 { get; init; }
}
