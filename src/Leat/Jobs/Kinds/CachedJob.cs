using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>
/// A job that computes a value once and keeps it, encoded, in the graph's folder. It is not computed when nothing needs it, and what
/// depends on it runs again only when the value is another one.
/// </summary>
/// <typeparam name="T">The type of the value; anything that can be encoded.</typeparam>
[Codec(typeof(CachedJobCodec<>))]
public sealed class CachedJob<T> : Job, IPortableJob<CachedJob<T>>
{
    private T? value;
    private bool isRead;

    internal CachedJob(JobGraph? graph, JobId id, string path, JobBody? body, JobOptions? options)
        : base(graph, id, JobKind.Cached, options)
    {
        Outputs = new OutputPaths(id.Text, path);
        Body = body;
    }

    private CachedJob(JobId id, OutputPaths outputs)
        : base(null, id, JobKind.Cached, null) => Outputs = outputs;

    /// <summary>The value, read from the file when it is first asked for: in actions of jobs that depend on this one, or behind a run.</summary>
    /// <exception cref="LeatException">The action's job does not depend on this one, or the value was not computed.</exception>
    public T Value
    {
        get
        {
            JobScope.RefuseForeign(this);
            // In an action's own copy the value can't change any more.
            if (Graph is not null) return ReadValue();
            if (!isRead) (value, isRead) = (ReadValue(), true);
            return value!;
        }
    }

    internal override JobBody? Body { get; }

    internal override OutputPaths Outputs { get; }

    static CachedJob<T> IPortableJob<CachedJob<T>>.Remote(JobId id, OutputPaths outputs) => new(id, outputs);

    private T ReadValue()
    {
        try
        {
            return BinaryEncoding.Decode<T>(File.ReadAllBytes(Outputs[0]));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw JobErrors.NotComputed(this);
        }
    }
}
