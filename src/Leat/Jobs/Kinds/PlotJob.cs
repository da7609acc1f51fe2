using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>
/// A job that draws: the data is computed by one function and kept, and drawn by another, so that a change of the drawing draws again
/// and computes nothing. What the plot is said to depend on, its data depends on.
/// </summary>
/// <typeparam name="T">The type of the data; anything that can be encoded.</typeparam>
[Codec(typeof(PlotJobCodec<>))]
public sealed class PlotJob<T> : Job, IPortableJob<PlotJob<T>>
{
    internal PlotJob(JobGraph? graph, JobId id, string path, JobBody? body, CachedJob<T>? data, FileJob? table, JobOptions? options)
        : base(graph, id, JobKind.Plot, options)
    {
        Outputs = new OutputPaths(id.Text, path);
        Body = body;
        Data = data!;
        Table = table;
    }

    private PlotJob(JobId id, OutputPaths outputs)
        : base(null, id, JobKind.Plot, null)
    {
        Outputs = outputs;
        Data = null!;
    }

    /// <summary>The whole path of the drawing.</summary>
    /// <exception cref="LeatException">An action asks for it whose job does not depend on this one.</exception>
    public string Path
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs[0];
        }
    }

    /// <summary>The job that computes the data.</summary>
    public CachedJob<T> Data { get; }

    /// <summary>The job that writes the data as a table; null if none was asked for.</summary>
    public FileJob? Table { get; }

    internal override JobBody? Body { get; }

    internal override OutputPaths Outputs { get; }

    internal override Job Dependant => Data;

    /// <summary>Says that the drawing needs others, and the data does not: a parameter of the drawing, for one.</summary>
    /// <returns>The job.</returns>
    public PlotJob<T> DrawingDependsOn(params ReadOnlySpan<IJobInput> inputs)
    {
        foreach (IJobInput input in inputs) Dependencies.AddTo(this, input);
        return this;
    }

    internal override void IgnoreCode()
    {
        base.IgnoreCode();
        Data.IgnoreCode();
    }

    static PlotJob<T> IPortableJob<PlotJob<T>>.Remote(JobId id, OutputPaths outputs) => new(id, outputs);
}
