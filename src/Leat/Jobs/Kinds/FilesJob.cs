using Leat.Encoding;
using Leat.Jobs;

namespace Leat;

/// <summary>A job that makes several files, all of them or none.</summary>
[Codec(typeof(JobCodec<FilesJob>))]
public sealed class FilesJob : Job, IPortableJob<FilesJob>
{
    internal FilesJob(JobGraph? graph, JobId id, OutputPaths outputs, JobBody? body, JobOptions? options, bool isTemporary)
        : base(graph, id, isTemporary ? JobKind.TempFiles : JobKind.Files, options)
    {
        Outputs = outputs;
        Body = body;
    }

    /// <summary>One of the outputs, to depend on.</summary>
    /// <param name="name">The name under which it was declared.</param>
    /// <exception cref="LeatException">There is no output of that name.</exception>
    public JobOutput this[string name] => new(this, Outputs.Find(name));

    /// <summary>The whole paths of the files, by name and in the order in which they were declared.</summary>
    /// <exception cref="LeatException">An action asks for them whose job does not depend on this one.</exception>
    public OutputPaths Paths
    {
        get
        {
            JobScope.RefuseForeign(this);
            return Outputs;
        }
    }

    internal override JobBody? Body { get; }

    internal override OutputPaths Outputs { get; }

    internal static FilesJob Remote(JobId id, OutputPaths outputs) => new(null, id, outputs, null, null, isTemporary: false);

    static FilesJob IPortableJob<FilesJob>.Remote(JobId id, OutputPaths outputs) => Remote(id, outputs);
}
