using System.Collections.Immutable;
using System.Globalization;

namespace Leat.Tests.Streams.Model;

/// <summary>What one step of a plan does; all of them take and give whole numbers.</summary>
internal enum Operation
{
    Source,
    Map,
    Filter,
    FlatMap,
    Tap,
    Distinct,
    Take,
    Batch,
    Repeat,
    Fold,
    OfAsync,
    OfSync,
    OfOneResult,
    ScatterGather,
    Zip,
    Merge,
    Concat,
}

/// <summary>How a body is written.</summary>
internal enum Form
{
    Sync,
    SyncToken,
    Task,
    TaskToken,
    ValueTask,
    ValueTaskToken,
}

/// <summary>The options of a step's stage.</summary>
internal sealed record Settings(int Workers, bool Ordered, int? Capacity, int? Batch, Form Form)
{
    public static Settings Plain { get; } = new(1, Ordered: true, Capacity: null, Batch: null, Form.Sync);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Form}, workers {Workers}{(Ordered ? "" : ", unordered")}{(Capacity is { } c ? $", capacity {c}" : "")}{(Batch is { } b ? $", batch {b}" : "")}");
}

/// <summary>One step: an operation over the results of earlier steps.</summary>
internal sealed record Step(Operation Operation, int Argument, Settings Settings, ImmutableArray<int> Inputs)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Operation}({Argument}) over [{string.Join(", ", Inputs)}] with {Settings}");
}

/// <summary>
/// A pipeline as data: steps, each over the results of earlier ones. A step that several others use is teed, one that
/// nobody uses is an end of the run.
/// </summary>
internal sealed record Plan(ImmutableArray<Step> Steps)
{
    public IEnumerable<int> Ends => Enumerable.Range(0, Steps.Length).Where(i => !Steps.Any(step => step.Inputs.Contains(i)));

    public override string ToString() => string.Concat(Steps.Select((step, i) => string.Create(CultureInfo.InvariantCulture, $"\n  {i}: {step}")));
}
