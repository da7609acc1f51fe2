using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>
/// A job that loads a value into memory, once on each machine and only when something that must run needs it. The jobs that depend on it
/// run in one process, and share the value: they must not change it.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
[Codec(typeof(LoadJobCodec<>))]
public sealed class LoadJob<T> : Job, IPortableJob<LoadJob<T>>
{
    internal LoadJob(JobGraph? graph, JobId id, JobBody? body, JobOptions? options)
        : base(graph, id, JobKind.Load, options) => Body = body;

    /// <summary>The value, for actions of jobs that depend on this one.</summary>
    /// <exception cref="LeatException">No action runs, or its job does not depend on this one.</exception>
    public T Value => JobScope.ValueOf<T>(this);

    internal override JobBody? Body { get; }

    static LoadJob<T> IPortableJob<LoadJob<T>>.Remote(JobId id, OutputPaths outputs) => new(null, id, null, null);
}

/// <summary>A job that loads a value into a property or field of an object, and clears it behind the last job that needs it.</summary>
[Codec(typeof(JobCodec<AttributeJob>))]
public sealed class AttributeJob : Job, IPortableJob<AttributeJob>
{
    internal AttributeJob(JobGraph? graph, JobId id, JobBody? body, AttributeTarget? target, JobOptions? options)
        : base(graph, id, JobKind.Load, options)
    {
        Body = body;
        Target = target;
    }

    internal override JobBody? Body { get; }

    internal AttributeTarget? Target { get; }

    static AttributeJob IPortableJob<AttributeJob>.Remote(JobId id, OutputPaths outputs) => new(null, id, null, null, null);
}
